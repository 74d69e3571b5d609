/**
 * `npm run bench [-- --profile]`: the built app against a bare Node proxy that makes the same call to the same
 * upstream, in one run on one machine, so that the ratios mean something on any other. Prints a table, writes
 * .cache/bench.json, and fails when the mint route falls behind what docs/decisions/017 promises.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { MOCK_API_KEY } from "#mocks/environment.ts";
import { type Program, start } from "../cluster/program.ts";
import type { Visitor } from "../cluster/visitor.ts";
import { type Memory, memoryInUse } from "./app-metrics.ts";
import { signIn } from "./people.ts";
import { type Report, table, verdict } from "./report.ts";
import { inTurns } from "./rounds.ts";
import {
  appCommand,
  bareProxyCommand,
  bundled,
  bundlePrograms,
  origin,
  port,
  replayUrl,
  startMocks,
  startReplay,
} from "./stack.ts";
import { startUpTime } from "./start-up.ts";

const ROUNDS = 5;
const STARTS = 5;
/** A session may mint 60 times a minute, so as many as the rounds can need. */
const SESSIONS = 1_000;

const profile = process.argv.includes("--profile") ? ["--cpu-prof", "--cpu-prof-dir=.cache/bench"] : [];

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

/** The body that the app sends for somebody's mint. */
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

async function mintOnce(people: Visitor[]): Promise<void> {
  for (const person of people) {
    const { status, text } = await person.mint();
    if (status !== 200) throw new Error(`a mint: ${status} ${text}`);
  }
}

const asText = (method: string, path: string, headers: string) =>
  `${method} ${path} HTTP/1.1\r\nHost: ${new URL(origin).host}\r\n${headers}${method === "POST" ? "Content-Length: 0\r\n" : ""}\r\n`;

const mintText = (person: Visitor | undefined) =>
  asText(
    "POST",
    "/api/mint-client-token",
    `Origin: ${origin}\r\nSec-Fetch-Site: same-origin\r\nCookie: ${person?.cookieHeader}\r\n`,
  );

/** As browsers ask: compressed. */
const pageText = (person: Visitor | undefined) =>
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
