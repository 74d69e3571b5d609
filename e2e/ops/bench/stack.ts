/** What is measured, and what it needs: programs of their own, on ports of their own. */
import { connect } from "node:net";
import { resolve } from "node:path";
import { build } from "esbuild";
import { MOCK_API_KEY, mockEnvironment, ringsideUrl as ringsideAt } from "#mocks/environment.ts";
import { answers, type Program, start } from "../cluster/program.ts";

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
    SESSION_SECRET: "the-secret-of-a-benchmark-and-of-nobody-else",
    METRICS_PORT: String(port.metrics),
    // Everybody comes from one address.
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
