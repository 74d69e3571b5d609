import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createRingside } from "./api.server.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A real HTTP server, so that what is tested is what Ringside would receive. */
async function serve(handler: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
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
  return { ringside: createRingside({ url, apiKey: "sk_live_canary", onCall }), received, calls };
}

const reply = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) => response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
const row = { id: "cus_1", spend_usd_mtd: "12.5", request_count_mtd: 3 };

describe("the Bearer client", () => {
  it("tells of each call once, by what came of it, and of nobody it was about", async () => {
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
    expect(received[0]?.headers.authorization).toBe("Bearer sk_live_canary");
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
    expect(error).toMatchObject({ failure, retryAfter: "7" });
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

  it("gives up after 5 seconds, without a second try", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
      expect(ms).toBe(5_000);
      return AbortSignal.abort(new DOMException("The operation timed out.", "TimeoutError"));
    });
    const { ringside, received } = await serve(() => {});
    await expect(ringside.getCustomer("x")).rejects.toThrow("no answer in 5000 ms");
    expect(timeout).toHaveBeenCalledTimes(1);
    expect(received).toHaveLength(0);
  });

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
