/** The pieces a deployment is made of, each on a port of its own: mocks, the built app, Redis, nginx. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MOCK_API_KEY, mockEnvironment, ringsideUrl as ringsideAt } from "#mocks/environment.ts";
import { answers, type Program, start } from "./program.ts";
import { findProgram } from "./programs.ts";

const FIRST_MOCK_PORT = 4310;
const REDIS_PORT = 6390;
const REDIS_PASSWORD = "redis-password-canary-3e9a";
const SESSION_SECRET = "session-secret-canary-8c41d7e02b95";

export const ringsideUrl = ringsideAt(FIRST_MOCK_PORT);

const environment = (appOrigin: string) => mockEnvironment({ appOrigin, firstPort: FIRST_MOCK_PORT });

/** Strings that only the server may ever hold. */
export const secrets = [REDIS_PASSWORD, SESSION_SECRET, MOCK_API_KEY];

/** One set for all suites: people sign in through the demo adapter, for which no redirect has to be registered. */
export const startMocks = (): Promise<Program> =>
  start({
    command: process.execPath,
    args: ["--import", "tsx", "mocks/mocks.cli.ts", "http://localhost:3310", String(FIRST_MOCK_PORT)],
    ready: () => answers(`${ringsideUrl}/__control/health`),
  });

/** @param origin what the app is told it is; the port is where this process of it listens */
export const startApp = (port: number, origin: string, env: Record<string, string> = {}): Promise<Program> =>
  start({
    command: process.execPath,
    args: ["build/server.js"],
    env: {
      ...environment(origin),
      NODE_ENV: "production",
      MOCKS: "demo",
      COOKIE_SECURE: "1",
      SESSION_SECRET,
      PORT: String(port),
      ...env,
    },
    ready: () => answers(`http://127.0.0.1:${port}/readyz`),
  });

export const redisUrl = `redis://:${REDIS_PASSWORD}@127.0.0.1:${REDIS_PORT}/0`;

/** @param directory keeps what it holds, so that a restart finds it again */
export const startRedis = (directory: string): Promise<Program> =>
  start({
    command: findProgram("redis-server"),
    args: [
      ...["--port", String(REDIS_PORT), "--bind", "127.0.0.1", "--requirepass", REDIS_PASSWORD],
      ...["--dir", directory, "--appendonly", "yes", "--appendfsync", "always", "--save", ""],
    ],
    ready: () => connects(REDIS_PORT),
  });

/** @param appPorts where the processes listen that it spreads requests over */
export function startNginx(directory: string, port: number, appPorts: number[]): Promise<Program> {
  const file = join(directory, "nginx.conf");
  writeFileSync(file, nginxConfig(directory, port, appPorts));
  return start({
    command: findProgram("nginx"),
    args: ["-c", file, "-p", directory, "-e", "stderr"],
    ready: () => connects(port),
  });
}

function nginxConfig(directory: string, port: number, appPorts: number[]): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
daemon off;
# One process, so that ending it leaves no worker behind.
master_process off;
pid ${directory}/nginx.pid;
events { worker_connections 512; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${directory}/${name};`).join("\n  ")}
  upstream app {
    # Marking a process as down would punish it for a 503 that only passes on what Ringside or Redis said.
    ${appPorts.map((appPort) => `server 127.0.0.1:${appPort} max_fails=0;`).join("\n    ")}
    keepalive 16;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      # Token lifetimes are read off Ringside's own Date.
      proxy_pass_header Date;
      proxy_connect_timeout 1s;
      # Every POST of this app may be sent twice: at worst there is one more token, or one more sign-in attempt.
      proxy_next_upstream error timeout non_idempotent;
      add_header X-Served-By $upstream_addr always;
    }
  }
}
`;
}

/** A directory of the test's own, for what the programs write. */
export const directoryFor = (name: string) => mkdtempSync(join(tmpdir(), `usage-dashboard-${name}-`));

const connects = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(socket.destroy() !== undefined));
    socket.once("error", () => resolve(false));
  });
