/** Composes the report of an adapter from what its layers say. */
import { notApplicable, runContract } from "../contract/run.ts";
import { type Deviation, deviations } from "../deviations.ts";
import type { Harness } from "../harness.ts";
import { type Rule, rules } from "../rules.ts";
import { runSite } from "../site/checks.ts";
import type { Site } from "../site/site.ts";
import { browserOutcome, siteOutcome } from "./browser-run.ts";
import { lineOf, type Outcome, type Report } from "./report.ts";

const outcomeFrom = (
  faults: ReadonlyMap<string, string | null>,
  { id }: Rule,
  otherwise: Outcome,
): Outcome => {
  const fault = faults.get(id);
  if (fault === undefined) return otherwise;
  return fault === null ? { status: "passed", detail: null } : { status: "failed", detail: fault };
};

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
          outcomeFrom(contract, rule, { status: "failed", detail: "has no check" }),
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
  const faults = await runSite(site);
  const otherwise: Outcome = {
    status: "not_applicable",
    detail: "needs redirect: the sign-in page sends nobody anywhere",
  };
  const lines = rules
    .filter(({ layers }) => layers.includes("site"))
    .map((rule) => lineOf(rule, "site", outcomeFrom(faults, rule, otherwise), []));
  return { subject: site.origin, at: new Date().toISOString(), lines };
}
