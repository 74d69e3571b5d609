/** Which rules of the contract layer apply to an adapter, and what checks them. */
import type { Harness } from "../harness.ts";
import { type Rule, rulesOf } from "../rules.ts";
import { ambientChecks } from "./ambient.ts";
import { bentAnswerChecks } from "./bent-answers.ts";
import { callbackChecks } from "./callback.ts";
import type { Check } from "./check.ts";
import { identityChecks } from "./identity.ts";
import { sessionChecks } from "./session.ts";
import { startChecks } from "./start.ts";

export const contractChecks: Readonly<Record<string, Check>> = {
  ...startChecks,
  ...callbackChecks,
  ...bentAnswerChecks,
  ...identityChecks,
  ...ambientChecks,
  ...sessionChecks,
};

/** Why a rule does not apply to an adapter; null when it does. */
export function notApplicable({ needs }: Rule, { lacks }: Pick<Harness, "lacks">): string | null {
  const missing = needs.find((capability) => lacks[capability] !== undefined);
  return missing === undefined ? null : `needs ${missing}: ${lacks[missing]}`;
}

/** The checks of the rules that apply to an adapter. */
export const applicableChecks = (harness: Harness) =>
  rulesOf("contract").flatMap((rule) => {
    const check = contractChecks[rule.id];
    return check && notApplicable(rule, harness) === null ? [{ rule, check }] : [];
  });
