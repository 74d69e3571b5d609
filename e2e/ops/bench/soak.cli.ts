/**
 * `npm run soak [-- --minutes 5 --clients 500]`: people with the dashboard open, over real HTTP, for minutes. Tokens
 * live for 60 s, so that a page mints as often as it ever can. Fails when a mint fails, when one in a hundred takes
 * longer than 250 ms, or when memory goes on growing after the first minute.
 */
import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Browser, poll, type Token, tokenIn } from "../cluster/clients.ts";
import { type Program, start } from "../cluster/programs.ts";
import { median, quantile } from "./load.ts";
import { appCommand, megabytes, memory, mockRingside, origin, port, signIn, startMocks } from "./programs.ts";

const TOKEN_SECONDS = 60;
/** As app/usage does with a token of 60 s. */
const RENEW_MS = 45_000;
const SAMPLE_MS = 5_000;
const MOST_P99_MS = 250;
const MOST_GROWTH = 1.1;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "5" },
    clients: { type: "string", default: "500" },
  },
});
const minutes = Number(values.minutes);
const clients = Number(values.clients);
// The second minute is compared with the last one.
if (!(minutes >= 3 && clients > 0)) throw new Error("--minutes is at least 3, --clients at least 1");

const POLL_MS = 5_000;

export interface Tally {
  /** Milliseconds of each mint. */
  mints: number[];
  polls: number;
  /** What went wrong, in words; nothing should be here. */
  failures: string[];
}

/** Goes on until the signal. @param renewMs how old a token may get */
export async function keepOpen(
  visitor: Browser,
  origin: string,
  ringsideUrl: string,
  renewMs: number,
  tally: Tally,
  signal: AbortSignal,
): Promise<void> {
  let token: Token | null = null;
  let mintedAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const began = performance.now();
    if (token === null || began - mintedAt >= renewMs) {
      token = await mint(visitor, origin, tally);
      mintedAt = began;
    }
    if (token) {
      const answer = await poll(token, ringsideUrl).catch((error: Error) => error);
      tally.polls += 1;
      if (answer instanceof Error) tally.failures.push(`a poll: ${answer.message}`);
      else {
        if (answer.status !== 200) tally.failures.push(`a poll: ${answer.status}`);
        await answer.arrayBuffer();
      }
    }
    await pause(Math.max(0, POLL_MS - (performance.now() - began)), undefined, { signal }).catch(() => {});
  }
}

async function mint(visitor: Browser, origin: string, tally: Tally): Promise<Token | null> {
  const asked = performance.now();
  try {
    const answer = await visitor.mint();
    tally.mints.push(performance.now() - asked);
    if (answer.status === 200) return tokenIn(answer, origin);
    tally.failures.push(`a mint: ${answer.status} ${answer.text.slice(0, 200)}`);
  } catch (error) {
    tally.failures.push(`a mint: ${error}`);
  }
  return null;
}

interface Sample {
  second: number;
  residentMb: number;
  mints: number;
  polls: number;
}

async function soak(tally: Tally): Promise<Sample[]> {
  const people = await signIn(origin, clients);
  const over = new AbortController();
  // Every client listens for the end.
  setMaxListeners(0, over.signal);
  // Spread over the time between two mints, as people who come by themselves are.
  const open = people.map(async (person, nth) => {
    await pause((nth / clients) * RENEW_MS, undefined, {
      signal: over.signal,
    }).catch(() => {});
    await keepOpen(person, origin, mockRingside, RENEW_MS, tally, over.signal);
  });
  const samples: Sample[] = [];
  const began = performance.now();
  while (performance.now() - began < minutes * 60_000) {
    await pause(SAMPLE_MS);
    const second = Math.round((performance.now() - began) / 1_000);
    const { resident } = await memory(port.metrics);
    samples.push({ second, residentMb: megabytes(resident), mints: tally.mints.length, polls: tally.polls });
    show(samples.at(-1) as Sample);
  }
  over.abort();
  await Promise.all(open);
  return samples;
}

function show({ second, residentMb, mints, polls }: Sample): void {
  const bar = "#".repeat(Math.round(residentMb / 4));
  console.log(
    `${String(second).padStart(4)} s ${residentMb.toFixed(1).padStart(7)} MB ${bar}   ${mints} mints, ${polls} polls`,
  );
}

/** What does not hold, in sentences. */
function verdict({ failures, mints }: Tally, p99: number, growth: number): string[] {
  const faults = failures.slice(0, 10);
  if (failures.length > 0) faults.push(`${failures.length} things went wrong.`);
  if (mints.length < clients) faults.push("Not every client got a token.");
  if (!(p99 < MOST_P99_MS)) faults.push(`The p99 of mints is ${p99.toFixed(0)} ms.`);
  if (!(growth < MOST_GROWTH))
    faults.push(`Memory grew to ${growth.toFixed(2)} of what it was in the second minute.`);
  return faults;
}

const running: Program[] = [];
try {
  running.push(await startMocks());
  running.push(
    await start(
      appCommand(mockRingside, {
        CLIENT_TOKEN_TTL_SECONDS: String(TOKEN_SECONDS),
        POLL_INTERVAL_SECONDS: "5",
      }),
    ),
  );
  const tally: Tally = { mints: [], polls: 0, failures: [] };
  const samples = await soak(tally);
  const residentBetween = (from: number, to: number) =>
    median(samples.filter(({ second }) => second > from && second <= to).map(({ residentMb }) => residentMb));
  const growth = residentBetween((minutes - 1) * 60, minutes * 60 + 1) / residentBetween(60, 120);
  const p99 = quantile(tally.mints, 0.99);
  console.log(
    [
      "",
      `${clients} clients, ${minutes} minutes: ${tally.mints.length} mints, ${tally.polls} polls, ${tally.failures.length} failures`,
      `a mint: p50 ${quantile(tally.mints, 0.5).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${Math.max(...tally.mints).toFixed(1)} ms`,
      `memory in the last minute: ${growth.toFixed(3)} of that in the second`,
    ].join("\n"),
  );
  const faults = verdict(tally, p99, growth);
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
} finally {
  await Promise.all(running.map((program) => program.kill()));
}
