/** What every planted fault must lead to. */
import { expect } from "vitest";
import type { Outcome } from "./run-doctor.ts";

export interface Expected {
  /** The check that must find it. */
  check: string;
  /** The variable to change; null for a fault that no variable can mend. */
  variable: string | null;
  /** Words of the failing line. */
  found: RegExp;
}

/** A failing line of that check names the variable and says what to do; the exit code is 1; no secret is printed. */
export function expectFailure(
  outcome: Outcome,
  secrets: readonly string[],
  { check, variable, found }: Expected,
) {
  const lines = outcome.failures
    .filter((finding) => finding.check === check)
    .map(({ variables, found, todo }) => ({ variables, sentence: [...variables, found].join(" "), todo }));
  expect(lines).toContainEqual({
    variables: variable === null ? [] : expect.arrayContaining([variable]),
    sentence: expect.stringMatching(found),
    todo: expect.stringMatching(/\w/),
  });
  expect(outcome.code).toBe(1);
  expectNoSecret(outcome.output, secrets);
}

export function expectNoSecret(output: string, secrets: readonly string[]) {
  for (const secret of secrets) expect(output).not.toContain(secret);
  expect(output).not.toMatch(/eyJ[\w-]+\.eyJ/);
}
