/**
 * `npm run bench [-- --profile]`: the built app against a bare Node proxy that makes the same call to the same
 * upstream, in one run on one machine, so that the ratios mean something on any other. Prints a table, writes
 * .cache/bench.json, and fails when the mint route falls behind what docs/decisions/017 promises.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { MOCK_API_KEY } from "#mocks/environment.ts";
import type { Browser } from "../cluster/clients.ts";
import { type Program, start } from "../cluster/programs.ts";
import { inTurns, type Summary } from "./load.ts";
import {
  appCommand,
  bareProxyCommand,
  bundled,
  bundlePrograms,
  type Memory,
  megabytes,
  memoryInUse,
  origin,
  port,
  replayUrl,
  signIn,
  startMocks,
  startReplay,
  startUpTime,
} from "./programs.ts";

const ROUNDS = 5;
const STARTS = 5;
/** A session may mint 60 times a minute, so as many as the rounds can need. */
const SESSIONS = 1_000;

const profile = process.argv.includes("--profile") ? ["--cpu-prof", "--cpu-prof-dir=.cache/bench"] : [];

interface Report {
  node: string;
  cores: number;
  bare: Summary;
  mint: Summary;
  dashboard: Summary;
  startUpMs: { app: number; bare: number };
  /** Bytes. */
  memory: { atRest: Memory; perThousandSessions: Memory };
}

/** What plain `remix-serve` reached was 0.08. */
const LEAST_RATIO = 0.15;
const MOST_P99_IN_P50S = 10;

function table({ node, cores, bare, mint, dashboard, startUpMs, memory }: Report): string {
  const row = (name: string, { perSecond, p50Ms, p99Ms }: Summary) => [
    name,
    perSecond.toFixed(0),
    (perSecond / bare.perSecond).toFixed(2),
    p50Ms.toFixed(1),
    p99Ms.toFixed(1),
    (p99Ms / p50Ms).toFixed(1),
  ];
  const { atRest, perThousandSessions } = memory;
  return [
    `Node ${node}, ${cores} cores`,
    "",
    ...aligned([
      ["", "per second", "of the bare proxy", "p50 ms", "p99 ms", "p99 / p50"],
      row("bare Node proxy", bare),
      row("mint a Client Token", mint),
      row("the dashboard's HTML", dashboard),
    ]),
    "",
    ...aligned([
      ["", "app", "bare proxy", "ratio"],
      [
        "start-up, ms",
        startUpMs.app.toFixed(0),
        startUpMs.bare.toFixed(0),
        (startUpMs.app / startUpMs.bare).toFixed(1),
      ],
    ]),
    "",
    ...aligned([
      ["memory, MB", "resident", "in use"],
      ["after start", ...figures(atRest)],
      ["per 1,000 sessions", ...figures(perThousandSessions)],
    ]),
  ].join("\n");
}

const figures = ({ resident, heap }: Memory) => [resident, heap].map((bytes) => megabytes(bytes).toFixed(1));

/** What does not hold, in sentences. */
function verdict({ bare, mint }: Report): string[] {
  const faults: string[] = [];
  const ratio = mint.perSecond / bare.perSecond;
  if (!(ratio >= LEAST_RATIO)) faults.push(`The mint route reaches ${ratio.toFixed(3)} of the bare proxy.`);
  if (!(mint.p99Ms < MOST_P99_IN_P50S * mint.p50Ms))
    faults.push(`The mint route's p99 is ${(mint.p99Ms / mint.p50Ms).toFixed(1)} times its p50.`);
  return faults;
}

function aligned(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("   "),
  );
}

async function measure(running: Program[]): Promise<Report> {
  await bundlePrograms();
  running.push(await startMocks(), await startReplay());
  const app = appCommand(replayUrl);
  const bareProxy = bareProxyCommand(await mintOf("demo_ada"));
  const startUpMs = { app: await startUpTime(app, STARTS), bare: await startUpTime(bareProxy, STARTS) };

  running.push(await start(bareProxy));
  const collecting = ["--import", bundled("collect-garbage")];
  const server = await start(appCommand(replayUrl, {}, [...profile, ...collecting]));
  running.push(server);
  // A few first, or code that is loaded and compiled once would count as theirs.
  await mintOnce(await signIn(origin, 50));
  const atRest = await memoryInUse(server, port.metrics);
  const people = await signIn(origin, SESSIONS);
  await mintOnce(people);
  const signedIn = await memoryInUse(server, port.metrics);

  const { bare, mint, dashboard } = await inTurns(
    [
      { name: "bare", port: port.bareProxy, request: () => asText("POST", "/", "") },
      { name: "mint", port: port.app, request: (nth) => mintText(people[nth % people.length]) },
      { name: "dashboard", port: port.app, request: (nth) => pageText(people[nth % people.length]) },
    ],
    ROUNDS,
  );
  if (!bare || !mint || !dashboard) throw new Error("a subject was not measured");
  if (profile.length > 0) {
    server.signal("SIGINT");
    await server.ended;
  }
  return {
    node: process.version,
    cores: availableParallelism(),
    bare,
    mint,
    dashboard,
    startUpMs,
    memory: { atRest, perThousandSessions: grown(atRest, signedIn, SESSIONS / 1_000) },
  };
}

/** The body that the app sends for a user's mint. */
async function mintOf(externalId: string): Promise<object> {
  const headers = { authorization: `Bearer ${MOCK_API_KEY}` };
  const answer = await fetch(`${replayUrl}/v1/customers/ext:${externalId}`, { headers });
  const { id } = (await answer.json()) as { id: string };
  return {
    customer: id,
    origin,
    allowed_endpoints: [`/v1/customers/${id}`, "/v1/usage"],
    ttl_seconds: 300,
  };
}

async function mintOnce(people: Browser[]): Promise<void> {
  for (const person of people) {
    const { status, text } = await person.mint();
    if (status !== 200) throw new Error(`a mint: ${status} ${text}`);
  }
}

const asText = (method: string, path: string, headers: string) =>
  `${method} ${path} HTTP/1.1\r\nHost: ${new URL(origin).host}\r\n${headers}${method === "POST" ? "Content-Length: 0\r\n" : ""}\r\n`;

const mintText = (person: Browser | undefined) =>
  asText(
    "POST",
    "/api/mint-client-token",
    `Origin: ${origin}\r\nSec-Fetch-Site: same-origin\r\nCookie: ${person?.cookieHeader}\r\n`,
  );

/** As browsers ask: compressed. */
const pageText = (person: Browser | undefined) =>
  asText(
    "GET",
    "/dashboard",
    `Accept: text/html\r\nAccept-Encoding: gzip, deflate, br\r\nCookie: ${person?.cookieHeader}\r\n`,
  );

const grown = (before: Memory, after: Memory, thousands: number): Memory => ({
  resident: (after.resident - before.resident) / thousands,
  heap: (after.heap - before.heap) / thousands,
});

const running: Program[] = [];
try {
  const report = await measure(running);
  mkdirSync(".cache", { recursive: true });
  writeFileSync(".cache/bench.json", `${JSON.stringify(report, null, 2)}\n`);
  console.log(table(report));
  const faults = verdict(report);
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
} finally {
  await Promise.all(running.map((program) => program.kill()));
}
