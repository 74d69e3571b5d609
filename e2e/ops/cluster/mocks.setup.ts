/** The mocks, started once for all suites of a run. */
import { startMocks } from "./stack.ts";

export default async function setup() {
  const mocks = await startMocks();
  return () => mocks.kill();
}
