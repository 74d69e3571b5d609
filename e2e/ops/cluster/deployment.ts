/** The pieces a deployment is made of, each on a port of its own: mocks, the built app, Redis, nginx. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Redis } from "ioredis";
import { MOCK_API_KEY, mockEnvironment, ringsideUrl as ringsideAt } from "#mocks/environment.ts";
import { answers, findProgram, type Program, type Start, start } from "./programs.ts";

/** How the app is started, where that is what is tested. */
export type Launch = Partial<Pick<Start, "command" | "args" | "stdout">>;

/** So that two checkouts can be tested at once on one machine. */
const FIRST_PORT = Number(process.env["CLUSTER_PORT"] ?? 3300);
/** The ports of the suites, 0 to 19, each used by one of them. */
export const portAt = (nth: number) => FIRST_PORT + nth;
const REDIS_PORT = portAt(20);
const FIRST_MOCK_PORT = FIRST_PORT + 1_000;
const REDIS_PASSWORD = "redis-password-canary-3e9a";
const SENTINEL_PASSWORD = "sentinel-password-canary-51d0";
const SESSION_SECRET = "session-secret-canary-8c41d7e02b95";

export const ringsideUrl = ringsideAt(FIRST_MOCK_PORT);

const environment = (appOrigin: string) => mockEnvironment({ appOrigin, firstPort: FIRST_MOCK_PORT });

/** Strings that only the server may ever hold. */
export const secrets = [REDIS_PASSWORD, SENTINEL_PASSWORD, SESSION_SECRET, MOCK_API_KEY];

/** One set for all suites: people sign in through the demo adapter, for which no redirect has to be registered. */
const startMocks = (): Promise<Program> =>
  start({
    command: process.execPath,
    args: [
      "--import",
      "tsx",
      "mocks/mocks.cli.ts",
      `http://localhost:${FIRST_PORT}`,
      String(FIRST_MOCK_PORT),
    ],
    ready: () => answers(`${ringsideUrl}/__control/health`),
  });

/**
 * @param origin what the app is told it is; the port is where this process of it listens
 * @param cwd where it runs, and would find a `.env`
 */
export const startApp = (
  port: number,
  origin: string,
  env: Record<string, string> = {},
  cwd = process.cwd(),
  readyAt = "/readyz",
  launch: Launch = {},
): Promise<Program> =>
  start({
    command: process.execPath,
    args: [resolve("build/server.js")],
    ...launch,
    cwd,
    env: {
      ...environment(origin),
      NODE_ENV: "production",
      MOCKS: "demo",
      COOKIE_SECURE: "1",
      SESSION_SECRET,
      PORT: String(port),
      ...env,
    },
    ready: () => answers(`http://127.0.0.1:${port}${readyAt}`),
  });

export const redisUrlAt = (port: number) => `redis://:${REDIS_PASSWORD}@127.0.0.1:${port}/0`;
export const redisUrl = redisUrlAt(REDIS_PORT);

/** One that survives a restart. @param directory holds its data */
export const startRedis = (directory: string): Promise<Program> =>
  startRedisAt(REDIS_PORT, directory, "--appendonly", "yes", "--appendfsync", "always");

export const startRedisAt = (port: number, directory: string, ...args: string[]): Promise<Program> =>
  start({
    command: findProgram("redis-server"),
    args: [
      ...["--port", String(port), "--bind", "127.0.0.1", "--requirepass", REDIS_PASSWORD],
      ...["--masterauth", REDIS_PASSWORD, "--dir", directory, "--save", "", ...args],
    ],
    ready: () => connects(port),
  });

/** Three Sentinels of one primary, which notice its end after a second. */
export async function startSentinels(directory: string, ports: number[], primaryPort: number) {
  const sentinels = ports.map((port) => {
    const file = join(directory, `sentinel-${port}.conf`);
    writeFileSync(
      file,
      `
port ${port}
bind 127.0.0.1
dir ${directory}
requirepass ${SENTINEL_PASSWORD}
sentinel sentinel-pass ${SENTINEL_PASSWORD}
sentinel monitor main 127.0.0.1 ${primaryPort} 2
sentinel auth-pass main ${REDIS_PASSWORD}
sentinel down-after-milliseconds main 1000
sentinel failover-timeout main 3000
`,
    );
    return start({
      command: findProgram("redis-sentinel"),
      args: [file],
      ready: () => connects(port),
    });
  });
  return Promise.all(sentinels);
}

/** @returns the app's REDIS_URL for them */
export const sentinelUrl = (ports: number[]) =>
  `redis-sentinel://:${REDIS_PASSWORD}@${ports.map((port) => `127.0.0.1:${port}`).join(",")}/main/0?sentinelPassword=${SENTINEL_PASSWORD}`;

/** A client of the test's own, for what an operator does with redis-cli. */
export async function asOperator<T>(port: number, act: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis({ port, host: "127.0.0.1", password: REDIS_PASSWORD });
  try {
    return await act(client);
  } finally {
    client.disconnect();
  }
}

/** @param appPorts where the processes listen that it spreads requests over */
export const startNginx = (directory: string, port: number, appPorts: number[]): Promise<Program> =>
  startNginxWith(
    directory,
    port,
    `
  upstream app {
    # Marking a process as down would punish it for a 503 that only passes on what Ringside or Redis said.
    ${appPorts.map((appPort) => `server 127.0.0.1:${appPort} max_fails=0;`).join("\n    ")}
    keepalive 16;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://app;
      include ${resolve("deploy/nginx/proxy.conf")};
      add_header X-Served-By $upstream_addr always;
    }
  }`,
  );

/** @param site what goes into `http { … }`; one server of it listens on the port */
export function startNginxWith(directory: string, port: number, site: string): Promise<Program> {
  const file = join(directory, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  writeFileSync(
    file,
    `
daemon off;
# One process, so that ending it leaves no worker behind.
master_process off;
pid ${directory}/nginx.pid;
events { worker_connections 512; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${directory}/${name};`).join("\n  ")}
  ${site}
}
`,
  );
  return start({
    command: findProgram("nginx"),
    args: ["-c", file, "-p", directory, "-e", "stderr"],
    ready: () => connects(port),
  });
}

/** A directory of the test's own, for what the programs write. */
export const directoryFor = (name: string) => mkdtempSync(join(tmpdir(), `usage-dashboard-${name}-`));

const connects = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(socket.destroy() !== undefined));
    socket.once("error", () => resolve(false));
  });

/** Vitest's global setup: the mocks, started once for all suites of a run. */
export default async function setup() {
  const mocks = await startMocks();
  return () => mocks.kill();
}
