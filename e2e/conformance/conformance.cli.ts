/**
 * `npm run conformance -- <adapter> [--contract]`: holds an adapter to every rule; `--contract` leaves the browser out.
 * `npm run conformance -- --url https://… [--state file.json]`: holds a deployment to the black-box rules, signed in
 * when given a storageState file of Playwright's.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { harnesses } from "./harness/index.ts";
import { runBrowser } from "./report/browser-run.ts";
import { reportOfAdapter, reportOfSite } from "./report/compose.ts";
import { pageOf } from "./report/page.ts";
import { hasFailed, type Report, textOf } from "./report/report.ts";
import { sessionFrom } from "./report/saved-state.ts";
import { openSite } from "./site/site.ts";

const FOLDER = ".cache/conformance";

async function makeReport(): Promise<Report | null> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { url: { type: "string" }, state: { type: "string" }, contract: { type: "boolean" } },
  });
  if (values.url !== undefined) {
    const { origin } = new URL(values.url);
    const session = values.state === undefined ? null : sessionFrom(values.state, origin);
    if (values.state !== undefined && session === null)
      throw new Error(`${values.state} holds no cookie of ${origin}.`);
    return reportOfSite(await openSite(origin, { session }));
  }
  const harness = harnesses.find(({ adapter }) => adapter.id === positionals[0]);
  if (!harness) return null;
  return reportOfAdapter(harness, { ran: values.contract ? null : runBrowser(harness.adapter.id) });
}

const report = await makeReport();
if (report) {
  const name = report.subject.replace(/[^\w.-]+/g, "_");
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/${name}.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${FOLDER}/${name}.html`, pageOf(report));
  console.log(textOf(report));
  console.log(`${FOLDER}/${name}.html`);
  process.exitCode = hasFailed(report) ? 1 : 0;
} else {
  console.error(
    `Name an adapter (${harnesses.map(({ adapter }) => adapter.id).join(", ")}) or a site: --url https://…`,
  );
  process.exitCode = 2;
}
