/**
 * The routes of signing in and out, called as Remix calls them: the mock GitHub as provider, a server of public keys
 * for the proxy's tokens (JWT), and the mock Ringside to see whose Customer a request reaches.
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { ActionFunctionArgs } from "@remix-run/node";
import { parseSetCookie } from "cookie";
import express from "express";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startKeyServer } from "#adapters/testing/key-server.ts";
import { makeKey, signJwt } from "#adapters/testing/keys.ts";
import { startGithub } from "#mocks/identity/github.ts";
import { startRingside } from "#mocks/ringside/server.ts";
import { control } from "../control/http.ts";

const ORIGIN = "https://usage.example.com";
const KEY = "sk_live_auth_routes_canary_0123456789";
const LIMIT = 3;
const CLIENT = { clientId: "contract-client", clientSecret: "a-client-secret-of-the-contract" };
const PROXY_SIGN_OUT = "https://proxy.example.com/sign-out";

const signingKey = makeKey("proxy-key");
const closers: (() => Promise<unknown>)[] = [];
let ringsideUrl: string;
let githubUrl: string;
let routes: Awaited<ReturnType<typeof loadRoutes>>;

async function loadRoutes() {
  const { withRequestContext } = await import("#app/server/log.server.ts");
  return {
    withRequestContext,
    start: await import("#app/routes/auth.$adapter.ts"),
    callback: await import("#app/routes/auth.$adapter.callback.ts"),
    signIn: await import("#app/routes/sign-in.tsx"),
    signOut: await import("#app/routes/sign-out.ts"),
    embed: await import("#app/routes/embed.session.ts"),
    handOver: await import("#app/routes/embed.hand-over.tsx"),
    mint: await import("#app/routes/api.mint-client-token.ts"),
  };
}

beforeAll(async () => {
  const ringside = await startRingside({ port: 0, apiKey: KEY });
  const github = await startGithub({
    port: 0,
    clients: [{ ...CLIENT, redirectUris: [`${ORIGIN}/auth/github/callback`], logoutUrls: [] }],
    sleep: async () => {},
  });
  const keys = await startKeyServer(signingKey);
  const brokenKeys = await startKeyServer(signingKey);
  brokenKeys.fault = "drop";
  closers.push(...[ringside, github, keys, brokenKeys].map((server) => () => server.close()));
  ringsideUrl = ringside.url;
  githubUrl = github.url;
  for (const name of Object.keys(process.env))
    if (/^(APP_|RINGSIDE_|AUTH_|REDIS_)/.test(name)) delete process.env[name];
  Object.assign(process.env, {
    APP_ORIGIN: ORIGIN,
    NODE_ENV: "test",
    AUTH_ADAPTERS: "github,jwt,jwt:broken",
    GITHUB_URL: github.url,
    GITHUB_CLIENT_ID: CLIENT.clientId,
    GITHUB_CLIENT_SECRET: CLIENT.clientSecret,
    JWT_ISSUER: "https://proxy.example.com",
    JWT_AUDIENCE: "usage",
    JWT_JWKS_URL: keys.jwksUrl,
    JWT_HEADER: "x-proxy-token",
    JWT_SIGN_OUT_URL: PROXY_SIGN_OUT,
    JWT_BROKEN_ISSUER: "https://broken.example.com",
    JWT_BROKEN_AUDIENCE: "usage",
    JWT_BROKEN_JWKS_URL: brokenKeys.jwksUrl,
    JWT_BROKEN_HEADER: "x-broken-token",
    EMBED_ORIGINS: "https://portal.example.com",
    SESSION_SECRET: "auth-routes-test-secret-k8Zq3vW1xT6yB9",
    SIGN_INS_PER_MINUTE: String(LIMIT),
    RINGSIDE_API_URL: ringside.baseUrl,
    RINGSIDE_API_KEY: KEY,
    LOG_LEVEL: "silent",
  });
  routes = await loadRoutes();
});
afterAll(() => Promise.all(closers.map((close) => close())));

/** One browser at one address, which limits count by. */
function createBrowser(address: string) {
  const cookies = new Map<string, string>();
  const headersWith = (headers: Record<string, string>) => ({
    cookie: [...cookies].map((pair) => pair.join("=")).join("; "),
    ...headers,
  });
  async function send(
    handler: (args: ActionFunctionArgs) => unknown,
    path: string,
    init: RequestInit & { headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const request = new Request(new URL(path, ORIGIN), { ...init, headers: headersWith(init.headers ?? {}) });
    const args = { request, params: { adapter: /^\/auth\/([^/?]+)/.exec(path)?.[1] ?? "" }, context: {} };
    const response = (await routes.withRequestContext({ id: "contract", address }, async () => {
      try {
        return await handler(args);
      } catch (thrown) {
        if (thrown instanceof Response) return thrown;
        throw thrown;
      }
    })) as Response;
    for (const header of response.headers?.getSetCookie() ?? []) {
      const { name, value = "", maxAge } = parseSetCookie(header, { decode: (text) => text });
      if (maxAge === 0) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }
  const form = (fields: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(fields) });
  const start = (fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    send(routes.start.action, "/auth/github", { ...form(fields), headers });
  const comeBack = (query: string, headers: Record<string, string> = {}) =>
    send(routes.callback.loader, `/auth/github/callback${query}`, { headers });

  return {
    cookies,
    send,
    start,
    comeBack,
    signOut: (headers: Record<string, string> = {}) =>
      send(routes.signOut.action, "/sign-out", { ...form({}), headers }),
    mint: (headers: Record<string, string> = {}) =>
      send(routes.mint.action, "/api/mint-client-token", {
        method: "POST",
        body: "{}",
        headers: { origin: ORIGIN, "content-type": "application/json", ...headers },
      }),
    /** To the mock GitHub and back, to the callback's query. */
    async askGithub(persona: string, fields: Record<string, string> = {}): Promise<string> {
      const page = await (await start(fields)).text();
      const url = /url=([^"]+)"/.exec(page)?.[1]?.replaceAll("&amp;", "&") ?? "";
      const response = await fetch(url, {
        method: "POST",
        body: new URLSearchParams({ persona }),
        redirect: "manual",
      });
      return new URL(response.headers.get("location") ?? "").search;
    },
  };
}

/** As HTTP/1.1 writes them. */
const bytesOf = (response: Response) =>
  [...response.headers].reduce((sum, [name, value]) => sum + Buffer.byteLength(`${name}: ${value}\r\n`), 0);

const problem = async (response: Response) => [response.status, (await response.json()).code];
const tokenOf = async (subject: string, issuer = "https://proxy.example.com") =>
  signJwt(signingKey, {
    iss: issuer,
    aud: "usage",
    sub: subject,
    iat: Math.floor(Date.now() / 1000),
    exp: Math.floor(Date.now() / 1000) + 300,
  });

describe("signing in", () => {
  it("leads to the provider, back to the page it began at, and into a session that replaces the previous one", async () => {
    const browser = createBrowser("203.0.113.1");
    const back = await browser.comeBack(await browser.askGithub("ada", { returnTo: "/dashboard?days=7" }));
    expect([back.status, back.headers.get("location")]).toEqual([302, "/dashboard?days=7"]);
    expect([...browser.cookies.keys()]).toEqual(["__Host-session"]);
    expect((await browser.mint()).status).toBe(200);

    const copy = createBrowser("203.0.113.1");
    copy.cookies.set("__Host-session", browser.cookies.get("__Host-session") ?? "");
    await browser.comeBack(await browser.askGithub("quiet"));
    expect((await browser.mint()).status).toBe(200);
    expect(await problem(await copy.mint())).toEqual([401, "not_signed_in"]);
  });

  it("refuses starts over the limit of an address, and of no other one", async () => {
    const browser = createBrowser("203.0.113.2");
    for (let nth = 0; nth < LIMIT; nth++) expect((await browser.start()).status).toBe(200);
    const refused = await browser.start();
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await problem(refused)).toEqual([429, "rate_limited"]);
    const page = await browser.start({}, { accept: "text/html" });
    expect(page.headers.get("location")).toBe("/sign-in?problem=rate_limited");
    expect((await createBrowser("203.0.113.3").start()).status).toBe(200);
  });

  it("refuses callbacks without an attempt over the limit, and still takes one that has an attempt", async () => {
    const browser = createBrowser("203.0.113.4");
    const genuine = await browser.askGithub("ada");
    for (let nth = 0; nth < LIMIT; nth++) {
      const response = await browser.comeBack(`?code=forged&state=${String(nth).repeat(43)}`);
      expect(response.headers.get("location")).toBe("/sign-in?problem=invalid_state");
    }
    const forged = `?code=forged&state=${"x".repeat(43)}`;
    expect(await problem(await browser.comeBack(forged))).toEqual([429, "rate_limited"]);
    const page = await browser.comeBack(forged, { accept: "text/html" });
    expect(page.headers.get("location")).toBe("/sign-in?problem=rate_limited");
    expect((await browser.comeBack(genuine)).headers.get("location")).toBe("/dashboard");
  });

  it("answers not_found for adapters that are not enabled, or that have no sign-in page", async () => {
    const browser = createBrowser("203.0.113.5");
    for (const adapter of ["auth0", "jwt"]) {
      for (const handler of [routes.start.action, routes.start.loader, routes.callback.loader])
        expect(await problem(await browser.send(handler, `/auth/${adapter}`))).toEqual([404, "not_found"]);
    }
  });

  it("does not begin by a GET, and shows no sign-in page to a user who is signed in", async () => {
    const browser = createBrowser("203.0.113.6");
    const get = await browser.send(routes.start.loader, "/auth/github");
    expect([get.headers.get("location"), get.headers.getSetCookie()]).toEqual(["/sign-in", []]);
    await browser.comeBack(await browser.askGithub("ada"));
    const page = await browser.send(routes.signIn.loader, "/sign-in?returnTo=/dashboard%3Fdays%3D7");
    expect([page.status, page.headers.get("location")]).toEqual([302, "/dashboard?days=7"]);
  });
});

describe("the cookies of signing in", () => {
  /** Browsers drop a larger cookie; nginx by default reads all headers of a response into as much. */
  const MOST_BYTES = 4_096;
  /** As long as it may be. */
  const returnTo = `/dashboard?q=${"x".repeat(499)}`;
  /** The status line and the headers that the server itself adds. */
  let otherBytes: number;
  beforeAll(async () => {
    const { securityHeaders } = await import("#app/server/security-headers.server.ts");
    const app = express().use(securityHeaders(new URL(ORIGIN)));
    const server = app.use((_request, response) => void response.end()).listen(0, "127.0.0.1");
    await once(server, "listening");
    closers.push(() => once(server.close(), "close"));
    const { port } = server.address() as AddressInfo;
    otherBytes = bytesOf(await fetch(`http://127.0.0.1:${port}/`)) + "HTTP/1.1 200 OK\r\n\r\n".length;
    expect(otherBytes).toBeGreaterThan(500);
  });

  it("stay under 4 kB for the longest profile and return path, the previous attempts included", async () => {
    await control(githubUrl, "POST", "/personas", {
      id: "long",
      subject: "999999999999999",
      login: "long",
      name: "\u3042".repeat(250),
      email: "long@example.com",
      picture: `https://avatars.example.com/${"p".repeat(2_020)}`,
    });
    const browser = createBrowser("203.0.113.14");
    // With so many attempts that a new one has to make room.
    for (let nth = 0; nth < 6; nth++) {
      const tab = createBrowser(`198.51.100.${nth}`);
      await tab.start({ returnTo });
      for (const [name, value] of tab.cookies) browser.cookies.set(name, value);
    }
    const started = await browser.start({ returnTo });
    const cookies = started.headers.getSetCookie();
    expect(cookies.length).toBeGreaterThan(1);
    for (const cookie of cookies) expect(Buffer.byteLength(cookie)).toBeLessThanOrEqual(MOST_BYTES);
    expect(bytesOf(started) + otherBytes).toBeLessThanOrEqual(MOST_BYTES);

    const back = await browser.comeBack(await browser.askGithub("long", { returnTo }));
    expect(back.headers.get("location")).toBe(returnTo);
    expect(back.headers.getSetCookie().map((cookie) => cookie.split("=")[0])).toEqual([
      expect.stringMatching(/^__Host-flow-/),
      "__Host-session",
    ]);
    for (const cookie of back.headers.getSetCookie())
      expect(Buffer.byteLength(cookie)).toBeLessThanOrEqual(MOST_BYTES);
    expect(bytesOf(back) + otherBytes).toBeLessThanOrEqual(MOST_BYTES);
    expect((await browser.mint()).status).toBe(200);
  });
});

describe("a proxy's token beside an older session", () => {
  /** The Customer whose token Ringside issued last. */
  const customerServed = async () => {
    const { tokens } = await control<{ tokens: { customer: string }[] }>(ringsideUrl, "GET", "/tokens");
    return tokens.at(-1)?.customer;
  };

  it("of another user counts, and the session does not", async () => {
    const browser = createBrowser("203.0.113.7");
    await browser.comeBack(await browser.askGithub("ada"));
    const token = { "x-proxy-token": await tokenOf("grace") };
    const graces = async () => {
      expect((await createBrowser("203.0.113.7").mint(token)).status).toBe(200);
      return customerServed();
    };
    expect((await browser.mint()).status).toBe(200);
    const adas = await customerServed();
    expect((await browser.mint(token)).status).toBe(200);
    const served = await customerServed();
    expect(served).not.toBe(adas);
    expect(served).toBe(await graces());
  });

  it("makes the request unavailable while it cannot be verified", async () => {
    const browser = createBrowser("203.0.113.8");
    await browser.comeBack(await browser.askGithub("ada"));
    const token = await tokenOf("grace", "https://broken.example.com");
    const response = await browser.mint({ "x-broken-token": token });
    expect(await problem(response)).toEqual([503, "proof_unverifiable"]);
  });

  it("is signed out at the proxy, and the session ends too", async () => {
    const browser = createBrowser("203.0.113.9");
    await browser.comeBack(await browser.askGithub("ada"));
    const copy = createBrowser("203.0.113.9");
    copy.cookies.set("__Host-session", browser.cookies.get("__Host-session") ?? "");
    expect((await copy.mint()).status).toBe(200);
    const page = await browser.signOut({ "x-proxy-token": await tokenOf("grace") });
    expect(await page.text()).toContain(`url=${PROXY_SIGN_OUT}`);
    expect(browser.cookies.size).toBe(0);
    expect(await problem(await copy.mint())).toEqual([401, "not_signed_in"]);
  });
});

describe("signing out", () => {
  it("ends the session, in copies of its cookie too", async () => {
    const browser = createBrowser("203.0.113.10");
    await browser.comeBack(await browser.askGithub("ada"));
    const copy = createBrowser("203.0.113.10");
    copy.cookies.set("__Host-session", browser.cookies.get("__Host-session") ?? "");
    expect((await browser.signOut()).headers.get("location")).toBe("/sign-in");
    expect(browser.cookies.size).toBe(0);
    expect(await problem(await copy.mint())).toEqual([401, "not_signed_in"]);
  });

  it("without a session leads to the sign-in page all the same", async () => {
    expect((await createBrowser("203.0.113.11").signOut()).headers.get("location")).toBe("/sign-in");
  });
});

describe("a frame's session", () => {
  const redeem = (browser: ReturnType<typeof createBrowser>, code: unknown) =>
    browser.send(routes.embed.action, "/embed/session", { method: "POST", body: JSON.stringify({ code }) });

  it("is the window's, for a code that counts once and no longer than the session", async () => {
    const browser = createBrowser("203.0.113.12");
    await browser.comeBack(await browser.askGithub("ada"));
    const code = async () => {
      const page = (await browser.send(routes.handOver.loader, "/embed/hand-over")) as unknown;
      return (page as { data: { code: string } }).data.code;
    };
    const [first, second] = [await code(), await code()];
    const frame = createBrowser("203.0.113.12");
    expect((await redeem(frame, first)).status).toBe(204);
    expect([...frame.cookies.keys()]).toEqual(["__Host-embed"]);
    expect((await frame.mint()).status).toBe(200);
    expect(await problem(await redeem(frame, first))).toEqual([401, "not_signed_in"]);
    await browser.signOut();
    expect(await problem(await redeem(frame, second))).toEqual([401, "not_signed_in"]);
    expect(await problem(await frame.mint())).toEqual([401, "not_signed_in"]);
  });

  it.each([undefined, 7, "", "a.b.c"])("is none for the code %j", async (code) => {
    expect(await problem(await redeem(createBrowser("203.0.113.13"), code))).toEqual([401, "not_signed_in"]);
  });
});
