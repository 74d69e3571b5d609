import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import { fakeClock, KEY, NOON, ORIGIN, ringside, statusAndCode } from "./test-client.ts";

describe("the control API", () => {
  it("answers the health check", async () => {
    const { control } = await ringside();
    expect(await control("GET", "/health")).toEqual({ ok: true });
  });

  it("answers the same figures as the API", async () => {
    const { server, control } = await ringside();
    const row = await control("POST", "/customers", { external_id: "a|b", name: "Ada", history: "spiky" });
    const truth = await control("GET", "/customers/ext:a%7Cb");
    expect(truth.customer).toEqual(row);
    expect(truth.customer).toEqual((await server("GET", `/v1/customers/${row.id}`)).body);
    expect(truth.days).toEqual((await server("GET", `/v1/customers/${row.id}/usage?group_by=day`)).body);
    expect(await control("GET", `/customers/${row.id}`)).toEqual(truth);
  });

  it("replaces a Customer under the id it had, and deletes it", async () => {
    const { server, send, control } = await ringside();
    const first = await control("POST", "/customers", { external_id: "u_1", history: "steady" });
    await control("POST", "/clock", { customer: first.id, advance_ms: 86_400_000 });
    const second = await control("POST", "/customers", { external_id: "u_1" });
    expect([second.id, second.spend_usd_mtd]).toEqual([first.id, 0]);
    await control("DELETE", `/customers/${first.id}`);
    expect((await server("GET", "/v1/customers/ext:u_1")).status).toBe(404);
    for (const method of ["GET", "DELETE"]) {
      expect(statusAndCode(await send(method, "/__control/customers/ext:u_1", {}))).toEqual([
        404,
        "not_found",
      ]);
    }
    expect(await control("GET", "/customers?external_id=u_1")).toEqual([]);
    const { body } = await server("POST", "/v1/customers", { external_id: "u_1" });
    expect(body.id).not.toBe(first.id);
  });

  it("records usage on the given day, refunds included", async () => {
    const { control } = await ringside();
    await control("POST", "/customers", { external_id: "u_1" });
    await control("POST", "/usage", { customer: "ext:u_1", spend_usd: 0.1, requests: 5 });
    await control("POST", "/usage", { customer: "ext:u_1", spend_usd: 0.2 });
    const row = await control("POST", "/usage", { customer: "ext:u_1", spend_usd: -0.05, requests: 0 });
    expect([row.spend_usd_mtd, row.request_count_mtd]).toEqual([0.25, 6]);
  });

  it("rejects invalid requests and unknown Customers", async () => {
    const { send } = await ringside();
    const post = (path: string, json: unknown) => send("POST", `/__control${path}`, { json });
    const invalid = [400, "invalid_control_request"];
    expect(statusAndCode(await post("/customers", { external_id: "u_1", hystory: "tiny" }))).toEqual(invalid);
    expect(statusAndCode(await post("/customers", { external_id: "u_1", history: "tyni" }))).toEqual(invalid);
    const date = "2026-02-30";
    expect(statusAndCode(await post("/usage", { customer: "ext:u_1", spend_usd: 1, date }))).toEqual(invalid);
    for (const [path, body] of [
      ["/usage", { customer: "ext:u_1", spend_usd: 1 }],
      ["/clock", { customer: "cus_none", advance_ms: 1 }],
      ["/traffic", { customer: "ext:u_1", on: true }],
      ["/faults", { customer: "ext:u_1", fault: "expire_now" }],
    ] as const) {
      expect(statusAndCode(await post(path, body)), path).toEqual([404, "not_found"]);
    }
  });
});

describe("a Customer's clock", () => {
  it("moves its tokens, its Date header and its day, and no other Customer's", async () => {
    const { page, server, control, customerWithToken } = await ringside({ now: fakeClock(NOON).now });
    const ada = await customerWithToken();
    const grace = await customerWithToken({ external_id: "u_2" });
    expect(await control("POST", "/clock", { customer: ada.id, advance_ms: 299_000 })).toEqual({
      now: Date.parse(NOON) + 299_000,
    });
    const early = await page(ada.path, ada.token);
    expect([early.status, early.headers.get("date")]).toEqual([200, "Mon, 23 Nov 2026 12:04:59 GMT"]);
    await control("POST", "/clock", { customer: ada.id, advance_ms: 300_000 });
    expect(statusAndCode(await page(ada.path, ada.token))).toEqual([401, "invalid_client_token"]);
    const other = await page(grace.path, grace.token);
    expect([other.status, other.headers.get("date")]).toEqual([200, "Mon, 23 Nov 2026 12:00:00 GMT"]);

    await control("POST", "/clock", { customer: ada.id, advance_ms: 86_400_000 });
    await control("POST", "/usage", { customer: ada.id, spend_usd: 1 });
    const fresh = await server("POST", "/v1/client_tokens", { customer: ada.id, origin: ORIGIN });
    expect(fresh.headers.get("date")).toBe("Tue, 24 Nov 2026 12:00:00 GMT");
    expect(decodeJwt(fresh.body.token).iat).toBe(Date.parse("2026-11-24T12:00:00Z") / 1000);
    expect((await control("GET", `/customers/${ada.id}`)).days).toMatchObject([{ date: "2026-11-24" }]);
    await control("POST", "/clock", { customer: ada.id, advance_ms: 0 });
    expect((await page(ada.path, ada.token)).status).toBe(200);
  });
});

describe("the request log", () => {
  it("lists each request, its Customer and its status, but never a key or a token", async () => {
    const { page, send, server, control, customerWithToken } = await ringside();
    const { id, path, token } = await customerWithToken();
    const [{ seq: since }] = (await control("GET", "/requests")).requests.slice(-1);
    const preflight = { "access-control-request-method": "GET" };
    await send("OPTIONS", path, { origin: ORIGIN, headers: preflight });
    await page(path, token);
    await page("/v1/usage?group_by=day&since=2026-11-01", token, "https://evil.example");
    await send("GET", "/v1/customers/ext:u_1", { key: "sk_live_wrong", headers: { cookie: "a=1" } });
    await server("POST", "/v1/customers", { external_id: "u_1" }, { "idempotency-key": "k_1" });
    const { requests } = await control("GET", `/requests?customer=${id}&since=${since}`);
    const common = { customer: id, external_id: "u_1", cookie: false, idempotency_key: null, body: null };
    const jti = decodeJwt(token).jti;
    expect(requests.map(({ seq: _seq, at: _at, ...entry }: { seq: number; at: number }) => entry)).toEqual([
      {
        ...common,
        method: "OPTIONS",
        path,
        query: {},
        origin: ORIGIN,
        authorization: "none",
        token_id: null,
        status: 204,
      },
      {
        ...common,
        method: "GET",
        path,
        query: {},
        origin: ORIGIN,
        authorization: "client",
        token_id: jti,
        status: 200,
      },
      {
        ...common,
        method: "GET",
        path: "/v1/usage",
        query: { group_by: "day", since: "2026-11-01" },
        origin: "https://evil.example",
        authorization: "client",
        token_id: jti,
        status: 403,
      },
      {
        ...common,
        method: "GET",
        path: "/v1/customers/ext:u_1",
        query: {},
        origin: null,
        authorization: "bearer",
        token_id: null,
        cookie: true,
        status: 401,
      },
      {
        ...common,
        method: "POST",
        path: "/v1/customers",
        query: {},
        origin: null,
        authorization: "bearer",
        token_id: null,
        idempotency_key: "k_1",
        body: { external_id: "u_1" },
        status: 409,
      },
    ]);
    const everything = JSON.stringify(await control("GET", "/requests"));
    for (const secret of [KEY, "sk_live_wrong", token]) expect(everything).not.toContain(secret);
  });

  it("filters by Customer, path and method, and finds the requests of a first visit by the id that it created", async () => {
    const { server, control, customerWithToken } = await ringside();
    await customerWithToken({ external_id: "another user" });
    const ext = "ext:auth0%7Ca%2Fb";
    await server("GET", `/v1/customers/${ext}`);
    const { body } = await server("POST", "/v1/customers", { external_id: "auth0|a/b" });
    await server("POST", "/v1/client_tokens", { customer: body.id, origin: ORIGIN });
    const log = async (query: string) =>
      (await control("GET", `/requests?${query}`)).requests.map(
        (entry: { method: string; path: string; status: number }) =>
          `${entry.method} ${entry.path} ${entry.status}`,
      );
    const all = [`GET /v1/customers/${ext} 404`, "POST /v1/customers 201", "POST /v1/client_tokens 201"];
    expect(await log(`customer=${body.id}`)).toEqual(all);
    expect(await log(`customer=${ext}`)).toEqual(all);
    expect(await log(`customer=${encodeURIComponent(ext)}`)).toEqual(all);
    expect(await log(`customer=${body.id}&method=post`)).toEqual(all.slice(1));
    expect(await log(`customer=${body.id}&path_prefix=/v1/customers`)).toEqual(all.slice(0, 2));
    expect(await log("customer=*&path_prefix=/v1/client_tokens")).toHaveLength(2);
    expect(await log("customer=ext:unknown")).toEqual([]);
  });

  it("names the external_id of a deleted Customer", async () => {
    const { page, server, control, customerWithToken } = await ringside();
    const { id, path, token } = await customerWithToken();
    await control("DELETE", `/customers/${id}`);
    await server("POST", "/v1/customers", { external_id: "u_1" });
    const [{ seq: since }] = (await control("GET", "/requests")).requests.slice(-1);
    await page(path, token);
    await server("POST", "/v1/client_tokens", { customer: id, origin: ORIGIN });
    const { requests } = await control("GET", `/requests?customer=ext:u_1&since=${since}`);
    expect(requests.map((entry: { status: number }) => entry.status)).toEqual([404, 404]);
  });

  it("shows a request before it is answered", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let asleep = () => {};
    const sleeping = new Promise<void>((resolve) => {
      asleep = resolve;
    });
    const { page, control, customerWithToken } = await ringside({
      sleep: () => {
        asleep();
        return held;
      },
    });
    const { id, path, token } = await customerWithToken();
    await control("POST", "/faults", { customer: id, fault: "slow" });
    const answer = page(path, token);
    await sleeping;
    const status = async () => (await control("GET", `/requests?path_prefix=${path}`)).requests[0].status;
    expect(await status()).toBeNull();
    release();
    await answer;
    expect(await status()).toBe(200);
  });
});
