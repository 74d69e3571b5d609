/** What one look at the deployment found. Holds no secret, no token and no text of somebody else's server. */
export interface Finding {
  status: "ok" | "warning" | "failure";
  /** What to change; the sentence in `found` goes on after these names. */
  variables: readonly string[];
  found: string;
  /** What to do about it; null when all is well. */
  todo: string | null;
}

export const ok = (found: string): Finding => ({ status: "ok", variables: [], found, todo: null });

const told =
  (status: Finding["status"]) =>
  (variables: string | readonly string[], found: string, todo: string): Finding => ({
    status,
    variables: [variables].flat(),
    found,
    todo,
  });

/** It works, but not as well as it could, or not for long. */
export const warning = told("warning");
/** Somebody will be turned away, or less safe than promised. */
export const failure = told("failure");

export const notChecked = (why: string, todo: string) => warning([], `not checked: ${why}`, todo);

/** An answer of Ringside's that this project reads otherwise. No variable can mend it: one file can. */
export const drift = (found: string) =>
  failure(
    [],
    found,
    "teach app/ringside/contract.ts this answer, and note it in docs/decisions/003-ringside-contract.md",
  );
