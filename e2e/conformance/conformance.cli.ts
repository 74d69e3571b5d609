/**
 * `npm run conformance -- <adapter> [--contract]`: holds an adapter to every rule; `--contract` leaves the browser out.
 * `npm run conformance -- --url https://… [--state file.json]`: holds a deployment to the black-box rules, signed in
 * when given a storageState file of Playwright's. Exits 1 when a rule is broken, 2 when nothing could be examined.
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

/** @throws Error that says what to do */
function askedFor() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { url: { type: "string" }, state: { type: "string" }, contract: { type: "boolean" } },
  });
  const { url, state, contract = false } = values;
  if (url !== undefined) {
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      throw new Error(
        `${url} is no address. Give the origin of the deployment: --url https://usage.example.com`,
      );
    return { origin: new URL(url).origin, state };
  }
  const harness = harnesses.find(({ adapter }) => adapter.id === positionals[0]);
  if (harness) return { harness, contract };
  const known = harnesses.map(({ adapter }) => adapter.id).join(", ");
  const unknown = positionals[0] === undefined ? "" : `No adapter is called ${positionals[0]}. `;
  throw new Error(`${unknown}Name an adapter (${known}) or a deployment: --url https://…`);
}

async function examine(): Promise<Report> {
  const asked = askedFor();
  if (asked.harness)
    return reportOfAdapter(asked.harness, {
      ran: asked.contract ? null : runBrowser(asked.harness.adapter.id),
    });
  const { origin, state } = asked;
  const session = state === undefined ? null : sessionFrom(state, origin);
  if (state !== undefined && session === null) throw new Error(`${state} holds no cookie of ${origin}.`);
  const site = await openSite(origin, { session }).catch((error: Error) => {
    const { cause } = error;
    throw new Error(`${origin} does not answer: ${cause instanceof Error ? cause.message : error.message}`);
  });
  return reportOfSite(site);
}

const report = await examine().catch((error: Error) => {
  console.error(error.message);
  process.exit(2);
});
const name = report.subject.replace(/[^\w.-]+/g, "_");
mkdirSync(FOLDER, { recursive: true });
writeFileSync(`${FOLDER}/${name}.json`, `${JSON.stringify(report, null, 2)}\n`);
writeFileSync(`${FOLDER}/${name}.html`, pageOf(report));
console.log(textOf(report));
console.log(`${FOLDER}/${name}.html`);
process.exitCode = hasFailed(report) ? 1 : 0;
