/** A sound deployment on loopback, which each test then spoils in one place: real servers, real requests. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { startAuth0 } from "#mocks/identity/auth0.ts";
import { startGithub } from "#mocks/identity/github.ts";
import { startRingside } from "#mocks/ringside/server.ts";
import type { Environment } from "./run-doctor.ts";

export const EXTERNAL_ID = "github_583231";
const CLIENT_ID = "client-4c11";

export interface Deployment {
  env: Environment;
  /** Without `/v1`. */
  ringsideUrl: string;
  auth0Url: string;
  /** What must never be printed. */
  secrets: string[];
  close(): Promise<void>;
}

/** @param ringsideNow Ringside's clock @param appOrigin another address for the app, whose callbacks are registered */
export async function startDeployment({
  ringsideNow = Date.now,
  appOrigin,
}: {
  ringsideNow?: () => number;
  appOrigin?: string;
} = {}): Promise<Deployment> {
  const [apiKey, sessionSecret, clientSecret] = [`sk_live_${random()}`, random(), random()];
  const app = await listen((_request, response) => response.end("ok 1.0.0\n"));
  const origin = appOrigin ?? app.url.replace("127.0.0.1", "localhost");
  const clientOf = (provider: string) => [
    { clientId: CLIENT_ID, clientSecret, redirectUris: [`${origin}/auth/${provider}/callback`] },
  ];
  const [ringside, github, auth0] = await Promise.all([
    startRingside({
      port: 0,
      apiKey,
      now: ringsideNow,
      seed: [{ external_id: EXTERNAL_ID, history: "steady", budget_usd: 200 }],
    }),
    startGithub({ port: 0, clients: clientOf("github") }),
    startAuth0({ port: 0, clients: clientOf("auth0") }),
  ]);
  return {
    ringsideUrl: ringside.url,
    auth0Url: auth0.url,
    secrets: [apiKey, sessionSecret, clientSecret],
    env: {
      APP_ORIGIN: origin,
      PORT: String(await freePort()),
      SESSION_SECRET: sessionSecret,
      RINGSIDE_API_URL: ringside.baseUrl,
      RINGSIDE_API_KEY: apiKey,
      AUTH_ADAPTERS: "github,auth0",
      EXTERNAL_ID_TEMPLATE: "{adapter}_{subject}",
      GITHUB_URL: github.url,
      GITHUB_CLIENT_ID: CLIENT_ID,
      GITHUB_CLIENT_SECRET: clientSecret,
      AUTH0_DOMAIN: auth0.url,
      AUTH0_CLIENT_ID: CLIENT_ID,
      AUTH0_CLIENT_SECRET: clientSecret,
    },
    async close() {
      await Promise.all([app, ringside, github, auth0].map((server) => server.close()));
    },
  };
}

export interface Listening {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** A server on a free port of 127.0.0.1; https with a certificate. */
export async function listen(handler: RequestListener, tls?: KeyAndCertificate): Promise<Listening> {
  const server: Server = tls ? createTlsServer(tls, handler) : createServer(handler);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    port,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The same for bare TCP. @param answer what to write for the bytes of one packet */
export async function listenTcp(answer: (bytes: Buffer) => string): Promise<Listening> {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (bytes) => socket.write(answer(bytes)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `tcp://127.0.0.1:${port}`, port, close: async () => void server.close() };
}

/** A port without a listener. */
export async function freePort(): Promise<number> {
  const { port, close } = await listen(() => {});
  await close();
  return port;
}

const random = () => randomBytes(32).toString("base64url");

/** Self-signed certificates for `localhost`, made by openssl when a test needs one. */

export interface KeyAndCertificate {
  key: string;
  cert: string;
}

/** @param days of validity from now on; -1 for one that ended yesterday @param names as in subjectAltName */
export function makeCertificate(days: number, names = "DNS:localhost,IP:127.0.0.1"): KeyAndCertificate {
  const folder = mkdtempSync(path.join(tmpdir(), "certificate-"));
  const openssl = (command: string) =>
    execFileSync("openssl", command.split(" "), { cwd: folder, stdio: "pipe" });
  try {
    writeFileSync(path.join(folder, "names"), `subjectAltName=${names}\n`);
    openssl(
      "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out request -subj /CN=localhost",
    );
    openssl(`x509 -req -in request -signkey key -days ${days} -extfile names -out certificate`);
    const read = (name: string) => readFileSync(path.join(folder, name), "utf8");
    return { key: read("key"), cert: read("certificate") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
