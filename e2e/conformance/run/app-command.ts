/** The command line for apps: reads the options, runs the suite, prints and writes the report. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { badgeOf, hasFailed, junitOf, type Line, pageOf, type Report, textOf } from "../report/report.ts";
import { RULES_VERSION, rulesOf } from "../rules/index.ts";
import { type AppResult, runApp } from "./app.ts";
import {
  type Description,
  DescriptionError,
  jsonSchema,
  parseDescription,
  readDescription,
  template,
} from "./description.ts";
import { SuiteFault } from "./outcome.ts";

export const USAGE = `Options for an app:

  --config <file>       a description of the app, conformance.json
  --init                writes conformance.json and its JSON schema
  --json <file>         also writes the result as JSON; --html, --junit likewise
  --rules <version>     the rules of that version (${RULES_VERSION})
  --only <ids>          some of the rules, separated by commas

Without a description, for an app that runs against its own Ringside:

  --url <origin>        the app
  --state <file>        a signed-in user, as Playwright saves it; twice for two people
  --dashboard <path>    (/dashboard)          --mint "POST <path>"   (/api/mint-client-token)
  --sign-in <path>      (/sign-in)            --sign-out "POST <path>"
  --ringside <url>      the API base, to try what a token opens
  --profile <name>      tutorial or full (full)

Exit code 0: no rule failed; 1: at least one did; 2: nothing could be examined, or the suite itself failed.
`;

function readArguments(args: string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args,
      options: {
        config: text,
        init: { type: "boolean" },
        json: text,
        html: text,
        junit: text,
        rules: text,
        only: text,
        url: text,
        state: { type: "string", multiple: true },
        dashboard: text,
        mint: text,
        "sign-in": text,
        "sign-out": text,
        ringside: text,
        profile: text,
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new DescriptionError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

type Options = ReturnType<typeof readArguments>;

/** @throws DescriptionError */
function describe(options: Options): Description {
  if (options.config !== undefined) {
    const description = readDescription(options.config);
    if (options.ringside !== undefined) description.ringside = options.ringside;
    if (options.profile === "tutorial" || options.profile === "full") description.profile = options.profile;
    return description;
  }
  const { url } = options;
  if (url === undefined)
    throw new DescriptionError(`Name an app: --config conformance.json or --url https://…\n\n${USAGE}`);
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new DescriptionError(
      `${url} is no address. Give the origin of the deployment: --url https://usage.example.com`,
    );
  const { pathname, origin } = new URL(url);
  if (pathname !== "/" && options.dashboard === undefined)
    throw new DescriptionError(
      `${url} has a path. Give the origin as --url and the page as --dashboard ${pathname}`,
    );
  return parseDescription(
    {
      mode: "deployed",
      url: origin,
      profile: options.profile ?? "full",
      routes: {
        signIn: options["sign-in"] ?? "/sign-in",
        dashboard: options.dashboard ?? "/dashboard",
        mint: options.mint ?? "POST /api/mint-client-token",
        ...(options["sign-out"] && { signOut: options["sign-out"] }),
      },
      people: (options.state ?? []).map((state, index) => ({
        name: index === 0 ? "first" : `person ${index + 1}`,
        state,
      })),
      ...(options.ringside && { ringside: options.ringside }),
    },
    "These options",
    process.cwd(),
  );
}

function init(): number {
  const files = { "conformance.json": template, "conformance.schema.json": jsonSchema() };
  for (const [file, value] of Object.entries(files)) {
    if (file === "conformance.json" && existsSync(file))
      throw new DescriptionError(`${file} exists already.`);
    writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
    console.log(`wrote ${file}`);
  }
  console.log("Adapt routes, people and env, then run with --config conformance.json.");
  return 0;
}

function reportOf(description: Description, { rules, faults }: AppResult): Report {
  const lines = rules.map(({ id, result, detail }): Line => {
    const rule = rulesOf("app").find((known) => known.id === id);
    const line: Line = {
      id,
      layer: "app",
      sentence: rule?.sentence ?? "",
      status: result,
      detail: detail || null,
    };
    if (!rule?.app || result === "not_run" || detail === "") return line;
    return result === "passed"
      ? { ...line, fix: rule.app.fix }
      : { ...line, catches: rule.catches, fix: rule.app.fix };
  });
  return { subject: new URL(description.url).origin, at: new Date().toISOString(), lines, faults };
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const FOLDER = ".cache/conformance";

/** Answers the exit code. */
export async function runCommand(args: string[]): Promise<number> {
  try {
    const options = readArguments(args);
    if (options.help) {
      console.log(USAGE);
      return 0;
    }
    if (options.init) return init();
    if (options.rules !== undefined && options.rules !== String(RULES_VERSION))
      throw new DescriptionError(
        `There is no version ${options.rules} of the rules; this suite has version ${RULES_VERSION}.`,
      );
    const description = describe(options);
    const result = await runApp(description, {
      say: console.log,
      ...(options.only && { only: options.only.split(",") }),
    });
    const report = reportOf(description, result);
    const json = `${JSON.stringify(jsonOf(description, report, result), null, 2)}\n`;
    const name = report.subject.replace(/[^\w.-]+/g, "_");
    for (const file of [`${FOLDER}/${name}.json`, options.json]) if (file) write(file, json);
    for (const file of [`${FOLDER}/${name}.html`, options.html]) if (file) write(file, pageOf(report));
    if (options.junit) write(options.junit, junitOf(report));
    console.log(`${FOLDER}/${name}.html\n${badgeOf(report)}\n`);
    console.log(textOf(report));
    if (result.faults.length > 0) return 2;
    if (hasFailed(report)) return 1;
    if (result.rules.some(({ result: outcome }) => outcome === "passed" || outcome === "advice")) return 0;
    console.error("No rule could be judged.");
    return 2;
  } catch (error) {
    if (error instanceof DescriptionError || error instanceof SuiteFault) console.error(error.message);
    else
      console.error(
        `The suite itself failed: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
      );
    return 2;
  }
}

/** The stable form: fields are added, never renamed or removed. */
function jsonOf(
  { profile, mode }: Description,
  { subject, at, lines }: Report,
  { rules, faults }: AppResult,
) {
  const count = (status: Line["status"]) => lines.filter((line) => line.status === status).length;
  return {
    rulesVersion: RULES_VERSION,
    subject,
    at,
    profile,
    mode,
    summary: {
      passed: count("passed"),
      failed: count("failed"),
      advice: count("advice"),
      not_run: count("not_run"),
    },
    rules,
    faults,
  };
}
