/** `npm run doctor`: checks the configuration that `npm start` would use, end to end. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";

const USAGE = `npm run doctor -- [options]

  --external-id <id>   also check rows, usage and Client Tokens, with this Customer of yours
  --create             the same with a new Customer "doctor_…", which stays in your account
  --timeout <seconds>  how long to wait for one answer (5)
  --json               for programs
  --help

Exit code 0: no failure; 1: at least one; 2: these options were not understood.
`;

interface Options {
  create: boolean;
  externalId: string | null;
  timeoutMs: number;
  json: boolean;
  help: boolean;
}

/** @throws Error for options that are not understood */
function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      create: { type: "boolean", default: false },
      "external-id": { type: "string" },
      timeout: { type: "string", default: "5" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { create, json, help, timeout } = values;
  const externalId = values["external-id"] ?? null;
  const timeoutMs = Number(timeout) * 1000;
  if (!(timeoutMs >= 100 && timeoutMs <= 10_000)) throw new Error("--timeout is from 0.1 to 10 seconds");
  if (create && externalId !== null) throw new Error("--create and --external-id exclude each other");
  if (externalId === "") throw new Error("--external-id is empty");
  return { create, json, help, externalId, timeoutMs };
}

/** Node reads these before it runs a line of ours. */
const READ_AT_START = ["NODE_EXTRA_CA_CERTS", "NODE_USE_ENV_PROXY"];

/** Answers the exit code. */
async function main({ json, help, ...options }: Options): Promise<number> {
  if (help) return write(USAGE, 0);

  // As server.ts does it, so that both see the same.
  process.env["NODE_ENV"] = "production";
  const inherited = new Set(Object.keys(process.env));
  if (existsSync(".env")) process.loadEnvFile(".env");
  const setTooLate = READ_AT_START.filter((name) => process.env[name] && !inherited.has(name));
  const environment = { ...process.env };
  // It would make the strategies print secrets in the middle of the report. They read it when they are loaded.
  delete process.env["DEBUG"];
  const { runDoctor } = await import("./run.ts");
  const { jsonReport, printReport, sum } = await import("./report.ts");

  const lines = await runDoctor(environment, { ...options, setTooLate });
  const colours = process.stdout.isTTY === true && !process.env["NO_COLOR"];
  return write(json ? jsonReport(lines) : printReport(lines, { colours }), sum(lines).failures > 0 ? 1 : 0);
}

/** Once all is written, so that ending the process cuts nothing off. */
const write = (text: string, code: number) =>
  new Promise<number>((resolve) => process.stdout.write(text, () => resolve(code)));

function misunderstood(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exit(2);
}

let options: Options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  misunderstood(error);
}
// Not by waiting for an empty event loop: a provider that hangs would keep it alive.
process.exit(await main(options));
