/**
 * `npm run conformance -- <adapter> [--contract]` holds an adapter of this repository to every rule; `--contract` leaves
 * the browser out. Everything else is about an app, of any framework: `--config conformance.json`, `--url https://…`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { hasFailed, pageOf, textOf } from "./report/report.ts";
import { runCommand, USAGE } from "./run/app-command.ts";

const FOLDER = ".cache/conformance";

async function examineAdapter(id: string, contractOnly: boolean): Promise<number> {
  const { harnesses } = await import("./run/harness.ts");
  const harness = harnesses.find(({ adapter }) => adapter.id === id);
  if (!harness) {
    const known = harnesses.map(({ adapter }) => adapter.id).join(", ");
    console.error(`No adapter is called ${id}. Name one (${known}), or an app:\n\n${USAGE}`);
    return 2;
  }
  const { reportOfAdapter, runBrowser } = await import("./report/adapter-report.ts");
  const report = await reportOfAdapter(harness, { ran: contractOnly ? null : runBrowser(id) });
  const name = report.subject.replace(/[^\w.-]+/g, "_");
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/${name}.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${FOLDER}/${name}.html`, pageOf(report));
  console.log(textOf(report));
  console.log(`${FOLDER}/${name}.html`);
  return hasFailed(report) ? 1 : 0;
}

const args = process.argv.slice(2);
const adapterId =
  args.find((arg, index) => !arg.startsWith("-") && !args[index - 1]?.startsWith("--")) ??
  (args[0] === "--contract" ? args[1] : undefined);
process.exitCode =
  adapterId === undefined
    ? await runCommand(args)
    : await examineAdapter(adapterId, args.includes("--contract")).catch((error: Error) => {
        console.error(error.message);
        return 2;
      });
