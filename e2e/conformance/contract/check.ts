import assert from "node:assert/strict";
import type { Subject } from "./subject.ts";

/** Throws when the adapter breaks the rule. Each makes people of its own, so that they run in any order. */
export type Check = (subject: Subject) => Promise<void>;

export { assert };
