/** deploy/nginx/site.conf as an operator gets it: TLS in front, and the way there from plain http. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { get as getSecurely, request as requestSecurely, Agent as SecureAgent } from "node:https";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeCertificate } from "../doctor/deployment.ts";
import { directoryFor, portAt, startApp, startNginxWith } from "./deployment.ts";
import type { Program } from "./programs.ts";

const [APP_PORT, HTTP_PORT, HTTPS_PORT] = [portAt(8), portAt(11), portAt(12)];
const directory = directoryFor("site");
const { key, cert } = makeCertificate(1);
const running: Program[] = [];

beforeAll(async () => {
  const tls = join(directory, "tls");
  mkdirSync(tls);
  writeFileSync(join(tls, "fullchain.pem"), cert);
  writeFileSync(join(tls, "privkey.pem"), key);
  running.push(
    await startApp(APP_PORT, `https://localhost:${HTTPS_PORT}`, { TRUST_PROXY: "1" }),
    await startNginxWith(directory, HTTPS_PORT, site(tls)),
  );
});
afterAll(async () => {
  await Promise.all(running.map((program) => program.kill()));
  rmSync(directory, { recursive: true });
});

/** The file, with the ports, the folder and the names of this machine in the place of the container's. */
function site(tls: string): string {
  const file = readFileSync("deploy/nginx/site.conf", "utf8");
  const replacements: [string, string][] = [
    [
      "include /etc/nginx/usage-dashboard/upstream.conf;",
      `upstream app { server 127.0.0.1:${APP_PORT} max_fails=0; }`,
    ],
    ["/etc/nginx/usage-dashboard/tls", tls],
    ["/etc/nginx/usage-dashboard/proxy.conf", resolve("deploy/nginx/proxy.conf")],
    ["listen 80;", `listen 127.0.0.1:${HTTP_PORT};`],
    ["listen 443 ssl;", `listen 127.0.0.1:${HTTPS_PORT} ssl;`],
  ];
  return replacements.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replaceAll(from, to);
  }, file);
}

const site443 = { host: "127.0.0.1", servername: "localhost", port: HTTPS_PORT, ca: cert };

const answer = (ask: (done: (incoming: IncomingMessage) => void) => void) =>
  new Promise<IncomingMessage>((done) => {
    ask((incoming) => done(incoming.resume()));
  });

it("leads from http to https, path and query kept", async () => {
  const { statusCode, headers } = await answer((done) =>
    get(
      { host: "127.0.0.1", port: HTTP_PORT, path: "/dashboard?debug", headers: { host: "localhost" } },
      done,
    ),
  );
  expect([statusCode, headers.location]).toEqual([308, "https://localhost/dashboard?debug"]);
});

it("serves the app over TLS, and says nothing of itself", async () => {
  const { statusCode, headers } = await answer((done) =>
    getSecurely({ host: "localhost", port: HTTPS_PORT, path: "/sign-in", ca: cert }, done),
  );
  expect(statusCode).toBe(200);
  expect(headers["strict-transport-security"]).toMatch(/^max-age=/);
  expect(headers["content-security-policy"]).toContain("upgrade-insecure-requests");
  expect(headers.server).toBe("nginx");
});

it("limits the pages of one client, and neither its mints nor other clients", async () => {
  const agent = new SecureAgent({ keepAlive: true, maxSockets: 40 });
  const clientAt =
    (address: string) =>
    (path: string, method = "GET") =>
      answer((done) =>
        requestSecurely(
          { ...site443, path, method, agent, localAddress: address, headers: { host: "localhost" } },
          done,
        ).end(),
      );
  const [flooding, other] = [clientAt("127.0.1.7"), clientAt("127.0.1.8")];
  const flood = await Promise.all(Array.from({ length: 1_500 }, () => flooding("/healthz")));
  const statuses = flood.map(({ statusCode }) => statusCode);
  expect(new Set(statuses)).toEqual(new Set([200, 429]));
  // What is allowed at once, so that an office that comes to work is served.
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(200);
  const refused = flood.find(({ statusCode }) => statusCode === 429);
  expect(refused?.headers["retry-after"]).toBe("5");
  expect((await flooding("/api/mint-client-token", "POST")).statusCode).not.toBe(429);
  expect((await flooding("/assets/none.js")).statusCode).toBe(404);
  expect((await other("/healthz")).statusCode).toBe(200);
  agent.destroy();
});
