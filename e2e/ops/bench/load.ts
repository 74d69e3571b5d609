/**
 * Asks as fast as answers come, over a few connections that stay open. Requests are ready-made text and answers are
 * hardly looked at: on a machine with two cores a client that costs much would be what is measured.
 */
import { connect, type Socket } from "node:net";

export interface Load {
  port: number;
  connections: number;
  /** How long to go on. */
  ms: number;
  /** The whole text of the nth request. */
  request: (nth: number) => string;
}

export interface Measured {
  perSecond: number;
  /** Milliseconds from asking to the end of the answer, of each request. */
  latencies: number[];
}

/** @throws Error for any answer but a 200, since an error may be quicker than what was to be measured */
async function load({ port, connections, ms, request }: Load): Promise<Measured> {
  const latencies: number[] = [];
  const started = performance.now();
  let nth = 0;
  const ask = async () => {
    const socket = connect(port, "127.0.0.1").setNoDelay(true);
    try {
      while (performance.now() - started < ms) {
        const asked = performance.now();
        const answer = await exchange(socket, request(nth++));
        if (!answer.startsWith("HTTP/1.1 200")) throw new Error(`not a 200: ${answer.slice(0, 300)}`);
        latencies.push(performance.now() - asked);
      }
    } finally {
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: connections }, ask));
  return { perSecond: (latencies.length * 1_000) / (performance.now() - started), latencies };
}

/** One request and its whole answer, byte for byte. */
function exchange(socket: Socket, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const settle = (run: () => void) => {
      socket.off("data", read).off("error", fail).off("close", closed);
      run();
    };
    const read = (chunk: Buffer) => {
      answer += chunk.toString("latin1");
      if (isWhole(answer)) settle(() => resolve(answer));
    };
    const fail = (error: Error) => settle(() => reject(error));
    const closed = () => fail(new Error("the connection was closed in the middle of an answer"));
    socket.on("data", read).once("error", fail).once("close", closed);
    socket.write(request);
  });
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /^content-length: (\d+)/im.exec(answer.slice(0, end))?.[1];
  return length === undefined ? answer.endsWith("\r\n0\r\n\r\n") : answer.length >= end + 4 + Number(length);
}

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

/** @param share 0.5 for the median, 0.99 for what one in a hundred exceeds */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (values: number[]) => quantile(values, 0.5);
