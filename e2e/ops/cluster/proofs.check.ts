/** The built server behind something that puts JWTs on requests, while whoever publishes their keys is away. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { control } from "#e2e/control/http.ts";
import { mock, type RunningJwks, startJwks } from "#mocks/identity/jwt.ts";
import { type Program, until } from "./program.ts";
import { portAt, startApp } from "./stack.ts";
import { Visitor } from "./visitor.ts";

const PORT = portAt(9);
const ORIGIN = `http://localhost:${PORT}`;
const client = { clientId: "proofs", clientSecret: "unused", redirectUris: [] };

let issuer: RunningJwks;
let app: Program;
let cookie = "";

beforeAll(async () => {
  issuer = await startJwks({ port: 0, audience: client.clientId });
  await control(issuer.url, "POST", "/faults", { fault: "unreachable", times: null });
  app = await startApp(PORT, ORIGIN, { AUTH_ADAPTERS: "jwt", ...mock.env(issuer.url, client) });
  const proof = await mock.prove?.(issuer.url, { id: "jo", subject: "proofs-jo", name: "Jo" });
  cookie = `${proof?.name}=${proof?.value}`;
});
afterAll(() => Promise.all([app.kill(), issuer.close()]));

const visitor = () => new Visitor({ origin: ORIGIN });
const dashboard = (headers = {}) =>
  visitor().ask("/dashboard", { headers: { accept: "text/html", ...headers } });
const mint = (headers = {}) => visitor().ask("/api/mint-client-token", { method: "POST", headers });

it("says that nobody can be recognised, and does not take that for signed out; then it is over by itself", async () => {
  const page = await dashboard({ cookie });
  expect([page.status, page.headers["retry-after"]]).toEqual([503, "10"]);
  expect(page.text).toContain("You stay signed in");
  const refused = await mint({ cookie });
  expect(refused.status).toBe(503);
  expect(JSON.parse(refused.text)).toMatchObject({ status: 503, code: "proof_unverifiable" });
  // Whoever shows no proof is nobody, keys or no keys.
  expect(await dashboard()).toMatchObject({ status: 302 });
  expect((await mint()).status).toBe(401);

  await control(issuer.url, "DELETE", "/faults");
  await until("the page is back", async () => (await dashboard({ cookie })).status === 200);
  expect((await mint({ cookie })).status).toBe(200);
  expect((await mint({ cookie, origin: "https://evil.example" })).status).toBe(403);
  expect((await mint({ cookie, "sec-fetch-site": "cross-site" })).status).toBe(403);
});

it("goes on with the keys that it has when they cannot be fetched any more", async () => {
  await control(issuer.url, "POST", "/faults", { fault: "unreachable", times: null });
  expect((await dashboard({ cookie })).status).toBe(200);
});
