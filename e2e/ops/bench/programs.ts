/** The programs that are measured and what they need, each on its own port; sign-ins, memory and start-up time. */
import { connect } from "node:net";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { build } from "esbuild";
import { MOCK_API_KEY, mockEnvironment, ringsideUrl as ringsideAt } from "#mocks/environment.ts";
import { Browser } from "../cluster/clients.ts";
import { answers, type Program, type Start, start } from "../cluster/programs.ts";
import { median } from "./load.ts";

const FIRST_PORT = Number(process.env["BENCH_PORT"] ?? 3400);
export const port = {
  app: FIRST_PORT,
  metrics: FIRST_PORT + 1,
  bareProxy: FIRST_PORT + 2,
  replay: FIRST_PORT + 3,
};
export const origin = `http://localhost:${port.app}`;
const FIRST_MOCK_PORT = FIRST_PORT + 1_000;
export const mockRingside = ringsideAt(FIRST_MOCK_PORT);
export const replayUrl = `http://127.0.0.1:${port.replay}`;

const BUNDLES = ".cache/bench";

/** As plain JavaScript, so that a program's start is its own and not its compiler's. */
export async function bundlePrograms(): Promise<void> {
  await build({
    entryPoints: ["replay", "bare-proxy", "collect-garbage"].map((name) => `e2e/ops/bench/${name}.cli.ts`),
    outdir: BUNDLES,
    platform: "node",
    format: "esm",
    target: "node20",
    outExtension: { ".js": ".mjs" },
    logLevel: "warning",
  });
}

export const bundled = (name: string) => resolve(BUNDLES, `${name}.cli.mjs`);

export const startMocks = (): Promise<Program> =>
  start({
    command: process.execPath,
    args: ["--import", "tsx", "mocks/mocks.cli.ts", origin, String(FIRST_MOCK_PORT)],
    ready: () => answers(`${mockRingside}/__control/health`),
  });

export const startReplay = (): Promise<Program> =>
  start({
    command: process.execPath,
    args: [bundled("replay"), String(port.replay), mockRingside],
    ready: () => listens(port.replay),
  });

/** The built app as production runs it, with the demo's people. */
export const appCommand = (
  ringsideUrl: string,
  env: Record<string, string> = {},
  nodeArgs: string[] = [],
) => ({
  command: process.execPath,
  args: [...nodeArgs, "build/server.js"],
  env: {
    ...mockEnvironment({ appOrigin: origin, firstPort: FIRST_MOCK_PORT }),
    AUTH_ADAPTERS: "demo",
    RINGSIDE_API_URL: `${ringsideUrl}/v1`,
    NODE_ENV: "production",
    MOCKS: "demo",
    SESSION_SECRET: "the-secret-of-a-benchmark-and-nothing-else",
    METRICS_PORT: String(port.metrics),
    // All clients come from one address.
    SIGN_INS_PER_MINUTE: "100000",
    ...env,
  },
  ready: () => answers(`${origin}/healthz`),
});

export const bareProxyCommand = (mint: object) => ({
  command: process.execPath,
  args: [
    bundled("bare-proxy"),
    String(port.bareProxy),
    `${replayUrl}/v1/client_tokens`,
    MOCK_API_KEY,
    JSON.stringify(mint),
  ],
  ready: () => listens(port.bareProxy),
});

const listens = (number: number) =>
  new Promise<boolean>((done) => {
    const socket = connect(number, "127.0.0.1");
    socket.once("connect", () => done(socket.destroy() !== undefined));
    socket.once("error", () => done(false));
  });

const PERSONAS = ["ada", "grace", "alan", "mary", "new"];
const AT_ONCE = 8;

/** Signs that many in, each with a session of their own. @throws Error when a sign-in fails */
export async function signIn(origin: string, count: number): Promise<Browser[]> {
  const people = Array.from({ length: count }, () => new Browser({ origin }));
  let next = 0;
  const work = async () => {
    for (let nth = next++; nth < people.length; nth = next++) {
      const person = people[nth];
      const choice = PERSONAS[nth % PERSONAS.length] ?? "";
      const started = await person?.ask("/auth/demo", { method: "POST", form: { choice } });
      const back = await person?.ask(started?.headers.location ?? "");
      if (back?.headers.location !== "/dashboard")
        throw new Error(`not let in: ${back?.status} ${back?.text}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return people;
}

/** What the app's metrics say about its process. */
export interface Memory {
  /** What the process has of the machine's memory, in bytes. */
  resident: number;
  /** What its objects take, in bytes; garbage included unless it has just been collected. */
  heap: number;
}

export async function memory(metricsPort: number): Promise<Memory> {
  const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)`, "m").exec(text)?.[1]);
  return {
    resident: value("process_resident_memory_bytes"),
    heap: value("nodejs_heap_size_used_bytes") + value("nodejs_external_memory_bytes"),
  };
}

/** @param app with collect-garbage.cli.ts preloaded */
export async function memoryInUse(app: Program, metricsPort: number): Promise<Memory> {
  for (let nth = 0; nth < 3; nth++) {
    app.signal("SIGUSR2");
    await pause(300);
  }
  return memory(metricsPort);
}

export const megabytes = (bytes: number) => bytes / 1_048_576;

/** @returns milliseconds, the median of several starts */
export async function startUpTime(command: Start, times: number): Promise<number> {
  const taken: number[] = [];
  for (let nth = 0; nth < times; nth++) {
    const began = performance.now();
    const program: Program = await start({ ...command, everyMs: 5 });
    taken.push(performance.now() - began);
    await program.kill();
  }
  return median(taken);
}
