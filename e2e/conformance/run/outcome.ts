/** How a check ends when it does not simply pass. */

/** The app breaks the rule. Messages never quote a body, a cookie or a token. */
export class RuleBroken extends Error {}

/** The rule could not be judged; the message says why. */
export class NotRun extends Error {}

/** The suite itself failed: it could not start, its request was wrong, its browser died. */
export class SuiteFault extends Error {}

export function demand(condition: unknown, message: string): asserts condition {
  if (!condition) throw new RuleBroken(message);
}

export function requires(condition: unknown, reason: string): asserts condition {
  if (!condition) throw new NotRun(reason);
}
