/** Holds one of this repository's adapters to the rules of the contract layer. */
import type { Rule } from "../rules/define.ts";
import { rulesOf } from "../rules/index.ts";
import { type HostFactory, openAdapter } from "./adapter-under-test.ts";
import type { Harness } from "./harness.ts";

/** Why a rule does not apply to an adapter; null when it does. */
export function notApplicable({ needs = [] }: Rule, { lacks }: Pick<Harness, "lacks">): string | null {
  const missing = needs.find((capability) => lacks[capability] !== undefined);
  return missing === undefined ? null : `needs ${missing}: ${lacks[missing]}`;
}

/** The rules of the contract layer that apply to an adapter. */
export const applicableRules = (harness: Harness) =>
  rulesOf("contract").flatMap(({ contract, ...rule }) =>
    contract && notApplicable(rule, harness) === null
      ? [{ id: rule.id, sentence: rule.sentence, contract }]
      : [],
  );

/** What broke each rule, by its id; null for those that hold. */
export async function runContract(
  harness: Harness,
  hostOf?: HostFactory,
): Promise<Map<string, string | null>> {
  const adapter = await openAdapter(harness, hostOf);
  const outcomes = new Map<string, string | null>();
  try {
    for (const { id, contract } of applicableRules(harness))
      outcomes.set(
        id,
        await contract(adapter).then(
          () => null,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        ),
      );
  } finally {
    await adapter.provider.close();
  }
  return outcomes;
}
