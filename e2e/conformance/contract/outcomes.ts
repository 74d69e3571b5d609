/** Holds one adapter to the rules of the contract layer. */
import type { Harness } from "../harness.ts";
import { applicableChecks } from "./checks.ts";
import { type HostFactory, openSubject, type Subject } from "./subject.ts";

/** What broke each rule, by its id; null for those that were kept. */
export async function runContract(
  harness: Harness,
  hostOf?: HostFactory,
): Promise<Map<string, string | null>> {
  const subject: Subject = await openSubject(harness, hostOf);
  const outcomes = new Map<string, string | null>();
  try {
    for (const { rule, check } of applicableChecks(harness))
      outcomes.set(
        rule.id,
        await check(subject).then(
          () => null,
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        ),
      );
  } finally {
    await subject.provider.close();
  }
  return outcomes;
}
