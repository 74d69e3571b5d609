/**
 * What a sign-in through any adapter must do, as numbered rules. An id is never given to another rule. Each rule
 * is proved in at least one layer; `meta.test.ts` fails when one is proved in none, or a proof names no rule.
 */
import { callbackRules } from "./rules/callback.ts";
import type { Layer, Rule } from "./rules/define.ts";
import { identityRules } from "./rules/identity.ts";
import { sessionRules } from "./rules/session.ts";
import { startRules } from "./rules/start.ts";
import { tokenRules } from "./rules/token.ts";

export type { Layer, Rule } from "./rules/define.ts";

export const rules: readonly Rule[] = [
  ...startRules,
  ...callbackRules,
  ...identityRules,
  ...sessionRules,
  ...tokenRules,
];

export const rulesOf = (layer: Layer) => rules.filter(({ layers }) => layers.includes(layer));
