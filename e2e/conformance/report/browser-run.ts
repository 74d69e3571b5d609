/** Runs the tests that prove the browser and site layers, and says which of them passed. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import * as z from "zod";
import { browserProofs, browserSpecs } from "../browser/proofs.ts";
import type { Outcome } from "./report.ts";

const OUTPUT = ".cache/conformance/playwright.json";

const specSchema = z.object({ title: z.string(), ok: z.boolean(), file: z.string() });
type Spec = z.output<typeof specSchema>;
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

/** The suite with everybody signing in through this adapter. @throws Error when nothing could be run at all */
export function runBrowser(adapterId: string): Spec[] {
  mkdirSync(".cache/conformance", { recursive: true });
  rmSync(OUTPUT, { force: true });
  const specs = ["conformance/browser/site.spec.ts", ...browserSpecs].map((spec) => `e2e/${spec}`);
  spawnSync("npx", ["tsx", "e2e/run.cli.ts", ...specs, "--reporter=json,list"], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, E2E_ADAPTER: adapterId, PLAYWRIGHT_JSON_OUTPUT_NAME: OUTPUT },
  });
  return outputSchema.parse(JSON.parse(readFileSync(OUTPUT, "utf8"))).suites.flatMap(specsOf);
}

/** What came of a rule of the browser layer: all its proofs must have passed. */
export function browserOutcome(ruleId: string, ran: readonly Spec[]): Outcome {
  const proofs = browserProofs[ruleId] ?? [];
  return outcomeOf(
    proofs.map(({ spec, title }) => ({
      title,
      tests: ran
        .filter((test) => spec.endsWith(test.file) || test.file.endsWith(spec))
        .filter((test) => test.title.includes(title)),
    })),
  );
}

export const siteOutcome = (ruleId: string, ran: readonly Spec[]): Outcome =>
  outcomeOf([{ title: ruleId, tests: ran.filter(({ title }) => title.startsWith(`${ruleId} `)) }]);

function outcomeOf(proofs: { title: string; tests: Spec[] }[]): Outcome {
  const missing = proofs
    .filter(({ tests }) => tests.length === 0)
    .map(({ title }) => `did not run: ${title}`);
  const failed = proofs.flatMap(({ tests }) =>
    tests.filter(({ ok }) => !ok).map(({ title }) => `failed: ${title}`),
  );
  const faults = [...missing, ...failed];
  return faults.length === 0
    ? { status: "passed", detail: null }
    : { status: "failed", detail: faults.join("; ") };
}
