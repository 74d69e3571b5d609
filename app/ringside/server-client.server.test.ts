import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { createRingside } from "./server-client.server.ts";

const KEY = "sk_live_canary0123456789abcdef";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A real HTTP server, so that what is tested is what Ringside would receive. */
async function serve(
  handler: (request: IncomingMessage, response: ServerResponse, body: string) => void,
  timeoutMs = 5_000,
) {
  const received: { method?: string; url?: string; headers: IncomingMessage["headers"]; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method = "", url = "", headers } = request;
    received.push({ method, url, headers, body });
    handler(request, response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  const calls: [string, string][] = [];
  const onCall = (call: string, code: string) => calls.push([call, code]);
  const causes: string[] = [];
  const onUnavailable = (_call: string, cause: string) => causes.push(cause);
  const ringside = createRingside({ url, apiKey: KEY, timeoutMs, onCall, onUnavailable });
  return { ringside, received, calls, causes };
}

const reply = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) => response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
const row = { id: "cus_1", spend_usd_mtd: "12.5", request_count_mtd: 3 };

describe("the server's client", () => {
  it("reports each call once, by its outcome, and without the external_id", async () => {
    const { ringside, calls } = await serve((request, response) => {
      if (request.url?.includes("broken")) response.destroy();
      else reply(response, request.url?.includes("missing") ? 404 : 200, row);
    });
    await ringside.getCustomer("found");
    await ringside.getCustomer("missing").catch(() => {});
    await ringside.getCustomer("broken").catch(() => {});
    expect(calls).toEqual(["200", "404", "network"].map((code) => ["GET /customers/ext:…", code]));
  });

  it("encodes an external_id once, and sends the key as Bearer", async () => {
    const { ringside, received } = await serve((_, response) => reply(response, 200, row));
    expect(await ringside.getCustomer("auth0|a/b?c#d%2F..")).toMatchObject({ id: "cus_1", spendUsd: 12.5 });
    expect(received[0]?.url).toBe("/v1/customers/ext:auth0%7Ca%2Fb%3Fc%23d%252F..");
    expect(received[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  });

  it("creates with the Idempotency-Key and the bare external_id", async () => {
    const { ringside, received } = await serve((_, response) => reply(response, 201, row));
    await ringside.createCustomer({ external_id: "auth0|x", name: "Ada" }, "key-1");
    expect(received[0]).toMatchObject({ method: "POST", url: "/v1/customers" });
    expect(received[0]?.headers["idempotency-key"]).toBe("key-1");
    expect(JSON.parse(received[0]?.body ?? "")).toEqual({ external_id: "auth0|x", name: "Ada" });
  });

  it.each([
    [404, "not_found"],
    [409, "conflict"],
    [401, "rejected_key"],
    [403, "rejected_key"],
    [429, "rate_limited"],
    [500, "unavailable"],
    [418, "unavailable"],
  ])("tells a %i apart as %s", async (status, failure) => {
    const { ringside } = await serve((_, response) =>
      reply(
        response,
        status,
        { error: { code: "some_code", message: "secret detail" } },
        { "retry-after": "7" },
      ),
    );
    const error = await ringside.getCustomer("x").catch((caught) => caught);
    expect(error).toMatchObject({ failure, retryAfter: status === 418 ? null : "7" });
    expect(error.message).toContain("some_code");
    expect(error.message).not.toMatch(/secret detail|sk_live|ext:x/);
  });

  it("tries once more when the connection breaks, and no more than that", async () => {
    const { ringside, received } = await serve((request, response) =>
      received.length === 1 ? request.socket.destroy() : reply(response, 200, row),
    );
    expect((await ringside.getCustomer("x")).id).toBe("cus_1");
    expect(received).toHaveLength(2);

    const dead = await serve((request) => request.socket.destroy());
    await expect(dead.ringside.getCustomer("x")).rejects.toMatchObject({ failure: "unavailable" });
    expect(dead.received).toHaveLength(2);
  });

  it("gives up at the time limit, without a second try, also in the middle of a body", async () => {
    const silent = await serve(() => {}, 300);
    await expect(silent.ringside.getCustomer("x")).rejects.toMatchObject({ failure: "unavailable" });
    expect(silent.received.length, "a loaded machine may time out before it connects").toBeLessThan(2);
    const slow = await serve((_, response) => {
      const drip = setInterval(() => response.write(" "), 5);
      response.on("close", () => clearInterval(drip));
    }, 200);
    await expect(slow.ringside.getCustomer("x")).rejects.toMatchObject({ reason: "timeout" });
    expect([silent.causes, slow.causes]).toEqual([["timeout"], ["timeout"]]);
    expect([silent.calls[0]?.[1], slow.calls[0]?.[1]]).toEqual(["timeout", "timeout"]);
  });

  it("refuses a mint's answer that decompresses to 200 MB", async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, " "));
    const { ringside, causes } = await serve((_, response) =>
      response.writeHead(201, { "content-encoding": "gzip" }).end(bomb),
    );
    const before = process.memoryUsage().rss;
    await expect(
      ringside.mintClientToken({ customer: "cus_1", origin: "https://a.example" }),
    ).rejects.toThrow("more than 2000000 bytes");
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    expect(causes).toEqual(["too_large"]);
  });

  it.each([
    [500, "server_error"],
    [503, "server_error"],
    [302, "redirected"],
    [200, "unreadable_answer"],
  ])("names the cause of a useless %i: %s", async (status, cause) => {
    const { ringside, causes } = await serve((_, response) => reply(response, status, {}));
    await expect(ringside.getCustomer("x")).rejects.toMatchObject({ failure: "unavailable", reason: cause });
    expect(causes).toEqual([cause]);
  });

  it("names the cause when nothing listens there", async () => {
    const { ringside, causes } = await serve((request) => request.socket.destroy());
    await expect(ringside.getCustomer("x")).rejects.toMatchObject({ reason: "connection_reset" });
    for (const close of closers.splice(0)) close();
    await expect(ringside.getCustomer("x")).rejects.toMatchObject({ reason: "connection_refused" });
    expect(causes).toEqual(["connection_reset", "connection_refused"]);
  });

  const asked = "oidc_Ada\u00e9 1";
  it.each([
    ["folds case", asked.toLowerCase()],
    ["trims", asked.replace(" ", "")],
    ["normalises Unicode", asked.normalize("NFD")],
    ["cuts off", asked.slice(0, 6)],
    ["keeps the prefix", `ext:${asked}`],
    ["answers an empty one", ""],
  ])("refuses the row of a Ringside that %s, on look-up and creation", async (_, external_id) => {
    const { ringside } = await serve((_request, response) => reply(response, 200, { ...row, external_id }));
    await expect(ringside.getCustomer(asked)).rejects.toMatchObject({ failure: "wrong_customer" });
    await expect(ringside.createCustomer({ external_id: asked }, "k")).rejects.toMatchObject({
      failure: "wrong_customer",
    });
  });

  it.each([[{ external_id: asked }], [{ external_id: null }], [{}]])(
    "accepts a row with %j",
    async (echo) => {
      const { ringside } = await serve((_request, response) => reply(response, 200, { ...row, ...echo }));
      expect((await ringside.getCustomer(asked)).id).toBe("cus_1");
    },
  );

  it.each([
    ["not JSON"],
    ["[]"],
    ['{"id":"cus_1"}'],
    ['{"id":"cus_1","spend_usd_mtd":"NaN","request_count_mtd":0}'],
  ])("calls a 200 with %s unavailable", async (body) => {
    const { ringside } = await serve((_, response) => response.writeHead(200).end(body));
    await expect(ringside.getCustomer("x")).rejects.toMatchObject({ failure: "unavailable" });
  });

  it("never follows a redirect: the key would go along", async () => {
    const { ringside, received } = await serve((_, response) =>
      response.writeHead(307, { location: "http://127.0.0.1:9/v1/elsewhere" }).end(),
    );
    await expect(ringside.getCustomer("x")).rejects.toMatchObject({ failure: "unavailable" });
    expect(received.every(({ url }) => url === "/v1/customers/ext:x")).toBe(true);
  });

  it("passes a mint's answer through with the fields it does not know, and Ringside's clock", async () => {
    const minted = { token: "jwt", expires_at: 1_795_000_000, id: "ct_1" };
    const date = "Tue, 24 Nov 2026 06:00:00 GMT";
    const { ringside } = await serve((_, response) => reply(response, 201, minted, { date }));
    expect(await ringside.mintClientToken({ customer: "cus_1", origin: "https://a.example" })).toEqual({
      answer: minted,
      date,
    });
  });

  const base64 = (text: string) => Buffer.from(text).toString("base64");
  it.each<[string, unknown]>([
    ["as it is", KEY],
    ["behind its scheme", `Bearer ${KEY}`],
    ["in an object", { headers: { Authorization: `Bearer ${KEY}` } }],
    ["in an array", [[KEY]]],
    ["as a name", { [KEY]: 1 }],
    ["in base64", base64(KEY)],
    ["in base64 at another offset", base64(`a:${KEY}`)],
    ["in base64url inside a JWT", `e30.${Buffer.from(`{"k":"${KEY}"}`).toString("base64url")}.x`],
    ["in base64 twice", base64(base64(`Bearer ${KEY}`))],
    ["in hex", Buffer.from(KEY).toString("hex")],
    ["percent-encoded", [...KEY].map((c) => `%${c.charCodeAt(0).toString(16)}`).join("")],
    ["in a query", `https://x.test/?authorization=Bearer%20${KEY}`],
    ["escaped", [...KEY].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join("")],
    ["in upper case", KEY.toUpperCase()],
    ["in part", KEY.slice(4, 24)],
    ["behind 20,000 characters", "x".repeat(20_000) + KEY],
  ])("drops a field of a mint's answer that holds our key %s", async (_, leak) => {
    const minted = { token: "jwt", expires_at: 1_795_000_000, id: "ct_1", debug: { other: true, leak } };
    const { ringside } = await serve((_request, response) => reply(response, 201, { ...minted, top: leak }));
    const { answer } = await ringside.mintClientToken({ customer: "cus_1", origin: "https://a.example" });
    expect(answer).toMatchObject({
      token: "jwt",
      expires_at: 1_795_000_000,
      id: "ct_1",
      debug: { other: true },
    });
    const left = JSON.stringify(answer);
    expect(left.length).toBeLessThan(200);
    expect(left).not.toContain("canary");
    if (typeof leak === "string") expect(left).not.toContain(leak);
  });

  it("refuses a mint whose token holds our key, and a row whose label does", async () => {
    const { ringside } = await serve((request, response) =>
      request.method === "POST"
        ? reply(response, 201, { token: `x.${base64(KEY)}`, expires_at: 1 })
        : reply(response, 200, { ...row, budgets: [{ label: KEY, limit_usd: 1 }] }),
    );
    await expect(
      ringside.mintClientToken({ customer: "cus_1", origin: "https://a.example" }),
    ).rejects.toMatchObject({ failure: "unavailable" });
    await expect(ringside.getCustomer("x")).rejects.toMatchObject({ failure: "unavailable" });
  });

  it("repeats our key neither from an error code nor from Retry-After nor from Date", async () => {
    const failing = await serve((_, response) =>
      reply(response, 429, { error: { code: KEY } }, { "retry-after": KEY, date: KEY }),
    );
    const error = await failing.ringside.getCustomer("x").catch((caught) => caught);
    expect(error).toMatchObject({ failure: "rate_limited", retryAfter: null });
    expect(error.message).not.toContain("canary");
    const minting = await serve((_, response) =>
      reply(response, 201, { token: "jwt", expires_at: 1 }, { date: KEY }),
    );
    const minted = await minting.ringside.mintClientToken({ customer: "c", origin: "https://a.example" });
    expect(minted.date).toBeNull();
  });

  it("asks for daily usage by external_id", async () => {
    const { ringside, received } = await serve((_, response) =>
      reply(response, 200, [{ date: "2026-11-24", spend_usd: 1, request_count: 2 }]),
    );
    expect(await ringside.getDailyUsage("a/b", "2026-08-27")).toEqual([
      { date: "2026-11-24", spendUsd: 1, requestCount: 2 },
    ]);
    expect(received[0]?.url).toBe("/v1/customers/ext:a%2Fb/usage?group_by=day&since=2026-08-27");
  });
});
