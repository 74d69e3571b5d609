/** The built server alone: what it bounds, what it says of itself, and what it believes. */
import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { control } from "#e2e/control/http.ts";
import { mock, type RunningJwks, startJwks } from "#mocks/identity/jwt.ts";
import { Browser, RawConnection } from "./clients.ts";
import { directoryFor, portAt, ringsideUrl, secrets, startApp } from "./deployment.ts";
import { type Program, start, until } from "./programs.ts";

const PORT = portAt(2);
const METRICS_PORT = portAt(3);
const ORIGIN = `http://localhost:${PORT}`;

/** A persona that no other suite uses: they run at the same time against the same mocks. */
const PERSONA = "mary";
const CUSTOMER = `ext:demo_${PERSONA}`;

let app: Program;

const startServer = (env: Record<string, string> = {}) =>
  startApp(PORT, ORIGIN, { METRICS_PORT: String(METRICS_PORT), ...env });

describe("a running server", () => {
  /** Begun first and looked at last: the server has to lose patience, and no other test should wait for that. */
  let slowly: { headers: Promise<string>; body: Promise<string>; since: number };

  beforeAll(async () => {
    app = await startServer();
    slowly = {
      headers: new RawConnection(PORT).send("GET / HTTP/1.1\r\nHost: x\r\n").answer(),
      body: new RawConnection(PORT)
        .send("POST /sign-out HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
        .answer(),
      since: Date.now(),
    };
  });
  afterAll(() => app.kill());

  const visitor = () => new Browser({ origin: ORIGIN });

  it("puts a policy on every answer: with a nonce on pages, errors included, and nothing allowed on the rest", async () => {
    for (const path of ["/sign-in", "/nowhere"]) {
      const { headers, text } = await visitor().ask(path, { headers: { accept: "text/html" } });
      const policy = headers["content-security-policy"] ?? "";
      const nonce = /'nonce-([^']+)'/.exec(String(policy))?.[1] ?? "none";
      expect(policy).toContain("default-src 'none'; script-src 'self' 'nonce-");
      expect(policy).not.toContain("script-src 'self' 'unsafe");
      const scripts = text.match(/<script[^>]*>/g) ?? [];
      expect(scripts.length).toBeGreaterThan(0);
      expect(scripts.filter((tag) => !tag.includes(` nonce="${nonce}"`))).toEqual([]);
    }
    for (const path of ["/", "/healthz", "/api/mint-client-token", "/assets/none.js", "/favicon.svg"]) {
      const { headers } = await visitor().ask(path);
      expect(headers["content-security-policy"], path).toMatch(/^default-src 'none'; ?base-uri 'none'/);
      expect(headers["x-content-type-options"], path).toBe("nosniff");
      expect(headers["x-powered-by"], path).toBeUndefined();
      expect(headers["strict-transport-security"], path).toBeUndefined();
    }
  });

  it("keeps files for a year, but not the news that one is missing, and never a page", async () => {
    const { text } = await visitor().ask("/sign-in");
    // The style sheet, which is never too small to be worth compressing.
    const file = /\/assets\/[\w.-]+\.css/.exec(text)?.[0] ?? "";
    const found = await visitor().ask(file, { headers: { "accept-encoding": "gzip" } });
    expect(found.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(found.headers["content-encoding"]).toBe("gzip");
    const missing = await visitor().ask("/assets/entry.client-00000000.js");
    expect([missing.status, missing.headers["cache-control"]]).toEqual([404, "no-store"]);
    for (const path of ["/", "/sign-in", "/nowhere", "/sign-in.data"])
      expect((await visitor().ask(path)).headers["cache-control"], path).toMatch(
        /^no-store(, no-transform)?$/,
      );
  });

  it("gives each request an id of its own, which its error page shows and its log lines hold", async () => {
    const headers = { accept: "text/html", "x-request-id": "forged-id" };
    const ids = new Set<string>();
    for (let nth = 0; nth < 2; nth++) {
      const answer = await visitor().ask("/nowhere", { headers });
      const id = String(answer.headers["x-request-id"]);
      expect(answer.text).toContain(`Request ${id}`);
      await until("a log line with the id", async () => app.output().includes(`"request":"${id}"`));
      ids.add(id);
    }
    expect(ids.size).toBe(2);
    expect(app.output()).not.toContain("forged-id");
  });

  it("ignores what requests say about where it is", async () => {
    const lies = {
      host: "evil.test",
      "x-forwarded-host": "evil.test",
      "x-forwarded-proto": "https",
      "x-forwarded-port": "444",
      forwarded: "host=evil.test;proto=https",
    };
    const mary = visitor();
    const started = await mary.ask("/auth/demo", {
      method: "POST",
      form: { choice: PERSONA },
      headers: lies,
    });
    expect(started.headers.location).toMatch(new RegExp(`^${ORIGIN}/auth/demo/callback\\?`));
    const back = await mary.ask(started.headers.location ?? "", { headers: lies });
    expect(back.headers.location).toBe("/dashboard");
    expect((await mary.ask("/dashboard", { headers: lies })).text).not.toContain("evil.test");
    expect((await mary.ask("/api/mint-client-token", { method: "POST", headers: lies })).status).toBe(200);
    const { tokens } = await control<{ tokens: { origin: string }[] }>(
      ringsideUrl,
      "GET",
      `/tokens?customer=${CUSTOMER}`,
    );
    expect(new Set(tokens.map(({ origin }) => origin))).toEqual(new Set([ORIGIN]));
    const liar = { ...lies, origin: "https://evil.test" };
    expect((await mary.ask("/api/mint-client-token", { method: "POST", headers: liar })).status).toBe(403);
  });

  it("refuses large bodies with a problem and large headers outright", async () => {
    const large = await visitor().ask("/auth/demo", {
      method: "POST",
      form: { returnTo: "x".repeat(20_000) },
    });
    expect([large.status, JSON.parse(large.text).code]).toEqual([413, "body_too_large"]);
    expect((await visitor().ask("/", { headers: { "x-large": "x".repeat(20_000) } })).status).toBe(431);
  });

  it("answers what no page of ours sends with a problem, and writes no error for it", async () => {
    const evil = { origin: "https://evil.example" };
    const asked = [
      ["POST", "/dashboard", evil, 403, "bad_origin"],
      ["POST", "/dashboard.data", { origin: "null" }, 403, "bad_origin"],
      ["POST", "/nowhere", { origin: "garbage" }, 403, "bad_origin"],
      ["OPTIONS", "/nowhere.data", evil, 403, "bad_origin"],
      ["POST", "/sign-out", evil, 403, "bad_origin"],
      ["POST", "/sign-out.data", evil, 403, "bad_origin"],
      ["POST", "/", {}, 405, "method_not_allowed", "GET, HEAD"],
      ["POST", "/healthz", {}, 405, "method_not_allowed", "GET, HEAD"],
      ["OPTIONS", "/dashboard", {}, 405, "method_not_allowed", "GET, HEAD"],
      ["PUT", "/auth/demo", { origin: ORIGIN }, 405, "method_not_allowed", "POST"],
      ["DELETE", "/Sign-Out/", { origin: ORIGIN }, 405, "method_not_allowed", "POST"],
      ["OPTIONS", "/auth/demo/callback?code=1&state=2", {}, 405, "method_not_allowed", "GET"],
      ["POST", "/auth/demo", { "content-type": "application/json" }, 400, "bad_request"],
      ["GET", "/dashboard?_data=routes/dashboard", {}, 400, "bad_request"],
    ] as const;
    const errors = () => app.output().split('"level":50').length;
    const before = errors();
    for (const [method, path, headers, status, code, allow] of asked) {
      const answer = await visitor().ask(path, { method, headers });
      expect([answer.status, JSON.parse(answer.text).code], `${method} ${path}`).toEqual([status, code]);
      expect(answer.headers.allow, `${method} ${path}`).toBe(allow);
    }
    const head = await visitor().ask("/auth/demo/callback?code=1&state=2", { method: "HEAD" });
    expect([head.status, head.headers.allow]).toEqual([405, "GET"]);
    const id = String(head.headers["x-request-id"]);
    await until("the last one's line", async () => app.output().includes(`"request":"${id}"`));
    expect(errors()).toBe(before);
  });

  it("counts mints, sign-ins, calls to Ringside and requests, on a port of their own", async () => {
    const mary = visitor();
    await mary.signIn(PERSONA);
    await mary.mint();
    await visitor().mint();
    expect((await visitor().ask("/metrics")).status).toBe(404);
    const metrics = await (await fetch(`http://127.0.0.1:${METRICS_PORT}/metrics`)).text();
    for (const line of [
      /mints_total\{outcome="ok"\} [1-9]/,
      /mints_total\{outcome="not_signed_in"\} [1-9]/,
      /sign_ins_total\{adapter="demo",outcome="signed_in"\} [1-9]/,
      /ringside_request_duration_seconds_count\{call="POST \/client_tokens",code="201"\} [1-9]/,
      /http_request_duration_seconds_count\{method="GET",route="\/auth\/:adapter\/callback",status="302"\} [1-9]/,
      /^nodejs_eventloop_lag_seconds /m,
    ])
      expect(metrics).toMatch(line);
    expect(metrics).not.toMatch(/demo_mary|Somerville|cus_/);
  });

  it("logs JSON lines, and no code, state, token, cookie, key or external_id in any of them", async () => {
    const mary = visitor();
    const planted = [
      "code-canary-1",
      "state-canary-2",
      "cookie-canary-3",
      "token-canary-4",
      "query-canary-5",
    ];
    await mary.signIn(PERSONA);
    const { token } = JSON.parse((await mary.mint()).text);
    await mary.ask("/auth/github/callback?code=code-canary-1&state=state-canary-2", {
      headers: {
        cookie: "__Host-session=cookie-canary-3; __Host-flow-x=cookie-canary-3",
        authorization: "Bearer token-canary-4",
        referer: `${ORIGIN}/?secret=query-canary-5`,
      },
    });
    await mary.ask("/nowhere?token=token-canary-4&x=query-canary-5");
    await control(ringsideUrl, "POST", "/faults", {
      customer: CUSTOMER,
      fault: "server_error",
      on: "mint",
      times: 1,
    });
    expect((await mary.mint()).status).toBe(502);

    // The last of what is looked for: what a process writes takes a moment to come.
    await until("the failed mint's line", async () => app.output().includes('"event":"mint_failed"'));
    const lines = app.output().trim().split("\n");
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    const log = lines.join("\n");
    expect(log).toContain('"event":"sign_in_failed"');
    for (const secret of [...planted, ...secrets, ...mary.cookies, token]) expect(log).not.toContain(secret);
    expect(log).not.toMatch(/eyJ|demo_mary|Somerville|[?&](code|state|token)=/);
  });

  it("keeps an idle connection longer than any usual proxy does", async () => {
    expect(
      (await visitor().ask("/healthz", { headers: { connection: "keep-alive" } })).headers["keep-alive"],
    ).toBe("timeout=620");
  });

  it("answers a target that nothing of ours has, and writes nothing of it but its own log line", async () => {
    const raw = async (target: string) => {
      const request = `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
      return (await new RawConnection(PORT).send(request).answer()).slice(9, 12);
    };
    const before = app.output().split("\n").length;
    const targets = { "/%zz": "400", "/%c0%af.data": "400", [`/${"a/".repeat(4_000)}`]: "414", "//x": "404" };
    for (const [target, status] of Object.entries(targets)) expect(await raw(target), target).toBe(status);
    const last = await visitor().ask("/healthz?x=%zz");
    const id = String(last.headers["x-request-id"]);
    await until("the last one's line", async () => app.output().includes(`"request":"${id}"`));
    const lines = app
      .output()
      .trim()
      .split("\n")
      .slice(before - 1);
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ event: "request" });
  });

  it("shows people who are refused a page that leads to its own address, and programs a problem", async () => {
    const elsewhere = { origin: "http://10.0.0.5:3000", host: "10.0.0.5:3000" };
    for (const path of ["/sign-out", "/auth/demo"]) {
      const accept = "text/html,*/*;q=0.8";
      const page = await visitor().ask(path, { method: "POST", form: {}, headers: { ...elsewhere, accept } });
      expect([page.status, page.headers["content-type"]]).toEqual([403, "text/html; charset=utf-8"]);
      expect(page.text).toContain(`<a href="${ORIGIN}/">`);
      const program = await visitor().ask(path, { method: "POST", form: {}, headers: elsewhere });
      expect(JSON.parse(program.text).code).toBe("bad_origin");
    }
    const hidden = await visitor().ask("/sign-out", {
      method: "POST",
      form: {},
      headers: { origin: "null" },
    });
    expect([hidden.status, hidden.headers.location]).toEqual([302, "/sign-in"]);
  });

  it("lets no client hold a connection by sending slowly", async () => {
    expect(await slowly.headers).toMatch(/^HTTP\/1\.1 408 /);
    expect(await slowly.body).toMatch(/^HTTP\/1\.1 408 /);
    expect(Date.now() - slowly.since).toBeLessThan(20_000);
  });

  it("closes the connection of a request that cannot be read, with security headers and no body", async () => {
    const raw = (text: string) => new RawConnection(PORT).send(text).answer();
    const rejected = {
      "400": "NONSENSE\r\n\r\n",
      "431": `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${"x".repeat(20_000)}\r\n\r\n`,
    };
    const answers = [["408", await slowly.headers] as const];
    for (const [status, request] of Object.entries(rejected))
      answers.push([status as "408", await raw(request)]);
    for (const [status, answer] of answers) {
      const [head = "", body] = answer.split("\r\n\r\n");
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      for (const header of ["Connection: close", "Content-Length: 0", "X-Content-Type-Options: nosniff"])
        expect(head.split("\r\n"), status).toContain(header);
      expect(head).toContain("Content-Security-Policy: default-src 'none'");
      expect(body).toBe("");
    }
    const hostless = await raw("GET /healthz HTTP/1.1\r\n\r\n");
    expect(hostless).toMatch(/^HTTP\/1\.1 400 /);
    expect(hostless).toMatch(/^connection: close\r$/im);
    expect(hostless).toMatch(/^x-content-type-options: nosniff\r$/im);
  });
});

describe("a server on https", () => {
  it("asks browsers to stay on https", async () => {
    const origin = ORIGIN.replace("http:", "https:");
    app = await startServer({ APP_ORIGIN: origin });
    try {
      const { headers } = await new Browser({ origin, server: ORIGIN }).ask("/sign-in");
      expect(headers["strict-transport-security"]).toBe("max-age=31536000; includeSubDomains");
      expect(headers["content-security-policy"]).toContain("upgrade-insecure-requests");
    } finally {
      await app.kill();
    }
  });
});

describe("a faulty configuration", () => {
  it("stops the boot with every fault, and no value of any", async () => {
    const broken = startServer({
      REDIS_URL: "http://value-canary",
      SIGN_INS_PER_MINUTE: "many",
      LOG_LEVEL: "loud",
    });
    const report = await broken.then(
      () => "it started",
      (error: Error) => error.message,
    );
    for (const variable of ["REDIS_URL", "SIGN_INS_PER_MINUTE", "LOG_LEVEL"])
      expect(report).toContain(variable);
    expect(report).not.toMatch(/value-canary|many|loud|at file:/);
  });
});

describe("a .env file", () => {
  const PORT = portAt(7);
  const directory = directoryFor("dotenv");

  beforeAll(() => {
    // A Redis that is not there, and a level that stops any boot that reads it.
    writeFileSync(join(directory, ".env"), "REDIS_URL=redis://127.0.0.1:1\nLOG_LEVEL=from-dotenv\n");
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it("the demo leaves a .env alone", async () => {
    const demo = await startApp(PORT, `http://localhost:${PORT}`, {}, directory);
    await demo.kill();
    expect(demo.output()).not.toContain("redis_away");
  });

  it("production reads it", async () => {
    const server = start({
      command: process.execPath,
      args: [resolve("build/server.js")],
      cwd: directory,
      ready: async () => false,
    });
    await expect(server).rejects.toThrow(/LOG_LEVEL is one of/);
  });
});

describe("a server behind a proxy that puts JWTs on requests, while their keys cannot be fetched", () => {
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
    const proof = await mock.tokenCookie?.(issuer.url, { id: "jo", subject: "proofs-jo", name: "Jo" });
    cookie = `${proof?.name}=${proof?.value}`;
  });
  afterAll(() => Promise.all([app.kill(), issuer.close()]));

  const visitor = () => new Browser({ origin: ORIGIN });
  const dashboard = (headers = {}) =>
    visitor().ask("/dashboard", { headers: { accept: "text/html", ...headers } });
  const mint = (headers = {}) => visitor().ask("/api/mint-client-token", { method: "POST", headers });

  it("answers 503 instead of treating users as signed out, and recovers by itself", async () => {
    const page = await dashboard({ cookie });
    expect([page.status, page.headers["retry-after"]]).toEqual([503, "10"]);
    expect(page.text).toContain("You stay signed in");
    const refused = await mint({ cookie });
    expect(refused.status).toBe(503);
    expect(JSON.parse(refused.text)).toMatchObject({ status: 503, code: "proof_unverifiable" });
    // A request without a JWT is signed out, with or without keys.
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
});
