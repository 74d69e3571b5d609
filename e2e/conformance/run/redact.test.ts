import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { badgeOf, junitOf, pageOf, textOf } from "../report/report.ts";
import { rulesOf } from "../rules/index.ts";
import { type AppResult, runRules } from "./app.ts";
import { AppUnderTest, describeApp } from "./app-under-test.ts";
import { AppClient, CookieJar } from "./http.ts";
import { encodings, holdsKey, Secrets } from "./redact.ts";

const KEY = "sk_live_0123456789abcdefghij";

describe("a secret in a text", () => {
  it.each(encodings("session-canary-7f31"))("is cut out as %s", (form) => {
    const secrets = new Secrets();
    secrets.add("session-canary-7f31");
    expect(secrets.redact(`before ${form} after`)).toBe("before [redacted] after");
  });

  it.each([
    "Bearer abc.def-0123456789",
    "Client abc.def-0123456789",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
    "sk_live_unknown_key_1234",
  ])("is cut out by its shape: %s", (text) => {
    expect(new Secrets().redact(text)).not.toContain(text);
  });

  it("leaves words that a short cookie value happens to be", () => {
    const secrets = new Secrets();
    secrets.add("dark");
    expect(secrets.redact("a dark page")).toBe("a dark page");
  });

  it("is found in a page as a part, and in base64 inside a longer text", () => {
    expect(holdsKey(`x = "${KEY.slice(8, 18)}" + rest`, KEY)).toBe(true);
    for (const before of ["", "k", "ke"])
      expect(holdsKey(Buffer.from(`${before}${KEY} and more`).toString("base64"), KEY)).toBe(true);
    expect(holdsKey("sk_live_of_somewhere_else", KEY)).toBe(false);
  });
});

describe("an app that repeats every secret in every answer", () => {
  const COOKIE = "cookie-canary-19d0c7";
  const CODE = "code-canary-5e83a1b2c3d4e5f60718";
  const TOKEN = `eyJhbGciOiJub25lIn0.${Buffer.from('{"sub":"cus_1"}').toString("base64url")}.c2lnbmF0dXJlLWNhbmFyeQ`;
  const all = [COOKIE, CODE, TOKEN, KEY].join(" ");
  // Headers, bodies, cookies and addresses: a rule may quote any of them.
  const server = createServer((request, response) => {
    const json = request.method === "POST";
    response.writeHead(request.url?.startsWith("/jump") ? 302 : 200, {
      "content-type": json ? "application/json" : "text/html",
      "cache-control": `public, max-age=60, x="${COOKIE}"`,
      "access-control-allow-origin": "*",
      location: `/jump/${CODE}?code=${CODE}&token=${TOKEN}`,
      "set-cookie": `sid=${COOKIE}; Domain=localhost`,
      "x-debug": all,
    });
    response.end(
      json ? JSON.stringify({ token: TOKEN, expires_at: 1, all }) : `<form action="/auth/x">${all}</form>`,
    );
  });
  let result: AppResult;
  beforeAll(async () => {
    await new Promise<void>((resolve) => void server.listen(0, resolve));
    const url = `http://localhost:${(server.address() as AddressInfo).port}`;
    const description = describeApp({
      mode: "deployed",
      url,
      profile: "full",
      routes: { dashboard: "/jump", mint: "POST /mint", signOut: "POST /out" },
    });
    const secrets = new Secrets();
    secrets.add(COOKIE);
    const app = new AppUnderTest(description, new AppClient(url), null, null, secrets);
    for (const name of ["first", "second"]) {
      const jar = new CookieJar();
      jar.store(new URL(url), [`sid=${COOKIE}; Domain=localhost`]);
      const person = { name, jar, origins: [], again: null };
      const mint = await app.mint(person);
      const dashboard = await app.client.send("GET", "/jump");
      app.visits.push({
        person,
        entries: [],
        externalId: null,
        customer: null,
        dashboard,
        mint,
        spendUsd: null,
      });
    }
    result = await runRules(app);
  }, 60_000);
  afterAll(() => void server.close());

  it("fails many rules, and no form of the report holds a canary", () => {
    expect(result.rules.filter((rule) => rule.result === "failed").length).toBeGreaterThan(5);
    const lines = result.rules.map(({ id, result: status, detail }) => ({
      id,
      layer: "app" as const,
      sentence: rulesOf("app").find((rule) => rule.id === id)?.sentence ?? "",
      status,
      detail,
    }));
    const report = { subject: "app", at: "now", lines, faults: result.faults };
    for (const text of [
      JSON.stringify(result),
      textOf(report),
      pageOf(report),
      junitOf(report),
      badgeOf(report),
    ])
      for (const canary of [COOKIE, CODE, TOKEN, KEY])
        for (const form of encodings(canary)) expect(text).not.toContain(form);
  });
});
