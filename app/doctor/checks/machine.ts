/** The Node that runs this, which is the Node that will run the app. */
import { type Finding, failure, ok } from "../finding.ts";

/** As in package.json, which is not beside the built doctor. */
export const MINIMUM = [20, 12] as const;

export function machine(version = process.versions.node): Finding[] {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [wantedMajor, wantedMinor] = MINIMUM;
  const enough = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  if (enough) return [ok(`Node ${version}`)];
  return [failure([], `Node ${version} is too old`, `install Node ${MINIMUM.join(".")} or newer`)];
}
