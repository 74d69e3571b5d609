/**
 * What a dashboard must do, as numbered rules: its sign-in, its sessions, its mint and its pages. An id is never given
 * to another rule. `rules.test.ts` fails when a rule has no check, or a spec's tag names no rule.
 */
import { callbackRules } from "./callback.ts";
import { customerRules } from "./customer.ts";
import type { Layer, Rule } from "./define.ts";
import { layersOf } from "./define.ts";
import { identityRules } from "./identity.ts";
import { mintRules } from "./mint.ts";
import { sessionRules } from "./session.ts";
import { startRules } from "./start.ts";
import { tokenRules } from "./token.ts";

export const rules: readonly Rule[] = [
  ...startRules,
  ...callbackRules,
  ...identityRules,
  ...sessionRules,
  ...mintRules,
  ...customerRules,
  ...tokenRules,
];

export const rulesOf = (layer: Layer) => rules.filter((rule) => layersOf(rule).includes(layer));

/** The rules of each released version: an app that was green stays green when the suite grows. */
export const RULES_VERSION = 1;
