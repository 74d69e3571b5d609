/** The report of one of this repository's adapters: its contract checks, and the specs tagged with each rule. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import * as z from "zod";
import { layersOf } from "../rules/define.ts";
import { rules } from "../rules/index.ts";
import { notApplicable, runContract } from "../run/adapter.ts";
import { REQUEST_RULES } from "../run/app.ts";
import type { Harness } from "../run/harness.ts";
import { type Deviation, deviations } from "./deviations.ts";
import { lineOf, type Outcome, type Report } from "./report.ts";

const OUTPUT = ".cache/conformance/playwright.json";
const APP_SPEC = "conformance/app.spec.ts";

const specSchema = z.object({
  title: z.string(),
  ok: z.boolean(),
  file: z.string(),
  tags: z.array(z.string()).default([]),
});
export type Spec = z.output<typeof specSchema>;
interface Suite {
  specs: Spec[];
  suites?: Suite[] | undefined;
}
const suiteSchema: z.ZodType<Suite> = z.object({
  specs: z.array(specSchema),
  suites: z.lazy(() => z.array(suiteSchema)).optional(),
});
const outputSchema = z.object({ suites: z.array(suiteSchema) });

const specsOf = (suite: Suite): Spec[] => [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];

/** Runs the specs that are tagged with a rule, signing in through this adapter. @throws Error when nothing could run */
export function runBrowser(adapterId: string): Spec[] {
  mkdirSync(".cache/conformance", { recursive: true });
  rmSync(OUTPUT, { force: true });
  const tagged = rules.filter(({ browser, app }) => browser || app).map(({ id }) => `@${id}(?!\\d)`);
  spawnSync("npx", ["tsx", "e2e/run.cli.ts", "--grep", tagged.join("|"), "--reporter=json,list"], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, E2E_ADAPTER: adapterId, PLAYWRIGHT_JSON_OUTPUT_NAME: OUTPUT },
  });
  return outputSchema.parse(JSON.parse(readFileSync(OUTPUT, "utf8"))).suites.flatMap(specsOf);
}

/** What came of a rule in a layer of specs: at least one must have run, and all must have passed. */
export function specOutcome(ruleId: string, layer: "app" | "browser", ran: readonly Spec[]): Outcome {
  const own = ran.filter(
    ({ tags, file }) =>
      tags.map((tag) => tag.replace(/^@/, "")).includes(ruleId) &&
      file.endsWith(APP_SPEC) === (layer === "app"),
  );
  if (own.length === 0) return { status: "failed", detail: "no test of it ran" };
  const failed = own.filter(({ ok }) => !ok).map(({ title }) => title);
  return failed.length === 0
    ? { status: "passed", detail: null }
    : { status: "failed", detail: `failed: ${failed.join("; ")}` };
}

export interface ReportOptions {
  /** What ran in the browser; null when it was left out. */
  ran: readonly Spec[] | null;
  allowed?: readonly Deviation[];
}

export async function reportOfAdapter(harness: Harness, { ran, allowed }: ReportOptions): Promise<Report> {
  const { id } = harness.adapter;
  const contract = await runContract(harness);
  const permitted = allowed ?? deviations[id] ?? [];
  const lines = rules.flatMap((rule) =>
    layersOf(rule).map((layer, index) => {
      const outcome = (): Outcome => {
        const why = notApplicable(rule, harness);
        if (why !== null) return { status: "not_applicable", detail: why };
        if (layer === "contract") {
          const fault = contract.get(rule.id) ?? null;
          return fault === null ? { status: "passed", detail: null } : { status: "failed", detail: fault };
        }
        if (layer === "app" && !REQUEST_RULES.includes(rule.id))
          return {
            status: "not_applicable",
            detail: "judged in a staged run: --config e2e/conformance/subjects/own-app.json",
          };
        if (ran === null) return { status: "not_run", detail: "left out: run without --contract" };
        return specOutcome(rule.id, layer, ran);
      };
      return lineOf(rule, layer, outcome(), permitted, index === 0);
    }),
  );
  return { subject: id, at: new Date().toISOString(), lines };
}
