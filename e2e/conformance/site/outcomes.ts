/** Holds a site to the rules that apply to it. */
import { siteChecks } from "./checks.ts";
import type { Site } from "./site.ts";

/** What broke each rule, by its id, null when nothing did; for those that do not apply, why. */
export async function runSite(site: Site): Promise<Map<string, { fault: string | null } | { why: string }>> {
  const outcomes = new Map<string, { fault: string | null } | { why: string }>();
  for (const { id, check, notApplicable } of siteChecks(site)) {
    if (notApplicable !== null) outcomes.set(id, { why: notApplicable });
    else
      outcomes.set(
        id,
        await check(site).then(
          () => ({ fault: null }),
          (error: unknown) => ({ fault: error instanceof Error ? error.message : String(error) }),
        ),
      );
  }
  return outcomes;
}
