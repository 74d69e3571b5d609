/** Composes the report of an adapter from what its layers say. */
import { notApplicable } from "../contract/checks.ts";
import { runContract } from "../contract/outcomes.ts";
import { type Deviation, deviations } from "../deviations.ts";
import type { Harness } from "../harness.ts";
import { rules, rulesOf } from "../rules.ts";
import { runSite } from "../site/outcomes.ts";
import type { Site } from "../site/site.ts";
import { browserOutcome, siteOutcome } from "./browser-run.ts";
import { lineOf, type Outcome, type Report } from "./report.ts";

const outcomeOf = (fault: string | null): Outcome =>
  fault === null ? { status: "passed", detail: null } : { status: "failed", detail: fault };

export interface ReportOptions {
  /** What ran in the browser; null when it was left out. */
  ran: Parameters<typeof siteOutcome>[1] | null;
  allowed?: readonly Deviation[];
}

export async function reportOfAdapter(harness: Harness, { ran, allowed }: ReportOptions): Promise<Report> {
  const { id } = harness.adapter;
  const contract = await runContract(harness);
  const permitted = allowed ?? deviations[id] ?? [];
  const notRun: Outcome = { status: "not_run", detail: "left out: run without --contract" };
  const lines = rules.flatMap((rule) =>
    rule.layers.map((layer) => {
      const why = notApplicable(rule, harness);
      if (why !== null) return lineOf(rule, layer, { status: "not_applicable", detail: why }, permitted);
      if (layer === "contract")
        return lineOf(
          rule,
          layer,
          outcomeOf(contract.has(rule.id) ? (contract.get(rule.id) ?? null) : "has no check"),
          permitted,
        );
      if (ran === null) return lineOf(rule, layer, notRun, permitted);
      const outcome = layer === "site" ? siteOutcome(rule.id, ran) : browserOutcome(rule.id, ran);
      return lineOf(rule, layer, outcome, permitted);
    }),
  );
  return { subject: id, at: new Date().toISOString(), lines };
}

/** The black-box subset, on anybody's deployment. */
export async function reportOfSite(site: Site): Promise<Report> {
  const outcomes = await runSite(site);
  const lines = rulesOf("site").map((rule) => {
    const found = outcomes.get(rule.id) ?? { fault: "has no check" };
    const outcome: Outcome =
      "why" in found ? { status: "not_applicable", detail: found.why } : outcomeOf(found.fault);
    return lineOf(rule, "site", outcome, []);
  });
  return { subject: site.origin, at: new Date().toISOString(), lines };
}
