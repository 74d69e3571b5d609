/** Brings every check to an end, and every end into words. */
import { Unreachable } from "./ask.ts";
import type { Check, Context } from "./check.ts";
import { type Finding, failure } from "./finding.ts";

export const CHECK_MS = 10_000;

/** What the check found; a failure when it takes too long, meets nobody, or is broken itself. Never throws. */
export async function finish({ blames, run }: Check, context: Context): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding[]>((resolve) => {
    timer = setTimeout(() => {
      resolve([failure(blames, `took longer than ${CHECK_MS / 1000} s to check`, "see what is slow there")]);
    }, CHECK_MS);
  });
  try {
    return await Promise.race([run(context), late]);
  } catch (error) {
    if (error instanceof Unreachable)
      return [failure(blames, error.message, "mend the address, or the network from here to there")];
    // A defect of the doctor's own must not hide what the other checks found.
    const name = error instanceof Error ? error.constructor.name : typeof error;
    return [failure(blames, `could not be checked: the check itself failed (${name})`, "please report this")];
  } finally {
    clearTimeout(timer);
  }
}
