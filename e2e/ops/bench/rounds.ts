/** Subjects measured in turns: what else the machine does meanwhile falls on all of them alike. */
import { type Load, load, type Measured } from "./load.ts";
import { median, quantile } from "./statistics.ts";

const ROUND_MS = 3_000;
const CONNECTIONS = 8;

export interface Subject {
  name: string;
  port: number;
  request: Load["request"];
}

export interface Summary {
  /** The median of the rounds. */
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

/** One round of each for warming up, then so many that count. @throws Error for any answer but a 200 */
export async function inTurns(subjects: Subject[], rounds: number): Promise<Record<string, Summary>> {
  const measured = new Map<string, Measured[]>(subjects.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++)
    for (const { name, port, request } of subjects) {
      const result = await load({ port, request, connections: CONNECTIONS, ms: ROUND_MS });
      if (round > 0) measured.get(name)?.push(result);
    }
  return Object.fromEntries([...measured].map(([name, results]) => [name, summarise(results)]));
}

function summarise(results: Measured[]): Summary {
  const latencies = results.flatMap((result) => result.latencies);
  return {
    perSecond: median(results.map(({ perSecond }) => perSecond)),
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  };
}
