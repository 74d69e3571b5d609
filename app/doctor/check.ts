/** What a check is, and what it is given. */
import type { Ask } from "./ask.ts";
import { type Finding, notChecked } from "./finding.ts";
import type { Subject } from "./subject.ts";
import type { Visit } from "./visit.ts";

export interface Context {
  subject: Subject;
  ask: Ask;
  /** For one question. */
  timeoutMs: number;
  /** Null when the address or the key of Ringside is at fault. */
  visit: Visit | null;
}

export interface Check {
  name: string;
  /** What is to blame when there is no answer or no end. */
  blames: readonly string[];
  /** @throws Unreachable, told as a failure of what is to blame */
  run(context: Context): Finding[] | Promise<Finding[]>;
}

const NOT_LET_IN = notChecked("Ringside does not let us in", "mend what `key` says first");

/** A check of Ringside that is only worth making once `key` is well. @param closed what it says otherwise */
export const withRingside =
  (run: (visit: Visit, subject: Subject) => Promise<Finding[]>, closed = [NOT_LET_IN]): Check["run"] =>
  async ({ visit, subject }) => {
    const open = await visit?.open().catch(() => false);
    return visit && open ? run(visit, subject) : closed;
  };
