import { describe, expect, it } from "vitest";
import { parseCustomer } from "#app/ringside/contract.ts";
import { fakeClock, KEY, ORIGIN, ringside, statusAndCode } from "./test-client.ts";

const HOSTILE = "auth0|a/b?c#d%2F..";

describe("look-up and creation", () => {
  it("answers 404 at first, creates with 201, then finds by id and external_id", async () => {
    const { server } = await ringside();
    const ext = `/v1/customers/ext:${encodeURIComponent(HOSTILE)}`;
    expect(statusAndCode(await server("GET", ext))).toEqual([404, "not_found"]);

    const created = await server("POST", "/v1/customers", {
      external_id: HOSTILE,
      name: "Ada",
      metadata: { plan: "pro" },
    });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ external_id: HOSTILE, name: "Ada", metadata: { plan: "pro" } });
    expect(created.body.id).toMatch(/^cus_/);
    expect(parseCustomer(created.body)).toMatchObject({
      spendUsd: 0,
      requestCount: 0,
      budgets: [],
      walletUsd: null,
    });

    expect((await server("GET", ext)).body).toEqual(created.body);
    expect((await server("GET", `/v1/customers/${created.body.id}`)).body).toEqual(created.body);
  });

  it("rejects a taken external_id", async () => {
    const { server } = await ringside();
    await server("POST", "/v1/customers", { external_id: "u_1" });
    expect(
      statusAndCode(await server("POST", "/v1/customers", { external_id: "u_1", name: "other" })),
    ).toEqual([409, "external_id_taken"]);
  });

  it("lets exactly one of many simultaneous creations succeed", async () => {
    const { server, control } = await ringside();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => server("POST", "/v1/customers", { external_id: "u_1" })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array(7).fill(409)]);
    expect(await control("GET", "/customers?external_id=u_1")).toHaveLength(1);
  });

  it.each([
    ["nothing", {}],
    ["an empty external_id", { external_id: "" }],
    ["a name that is null", { external_id: "u_1", name: null }],
    ["the ext: prefix inside the value", { external_id: "ext:u_1" }],
  ])("rejects %s", async (_what, body) => {
    const { server } = await ringside();
    expect(statusAndCode(await server("POST", "/v1/customers", body))).toEqual([400, "invalid_request"]);
  });

  it("rejects a body that is not JSON or has another Content-Type", async () => {
    const { url, send } = await ringside();
    const headers = { authorization: `Bearer ${KEY}`, "content-type": "application/json" };
    expect((await fetch(`${url}/v1/customers`, { method: "POST", headers, body: "{" })).status).toBe(400);
    const plain = { "content-type": "text/plain" };
    expect(
      statusAndCode(
        await send("POST", "/v1/customers", { key: KEY, json: { external_id: "u" }, headers: plain }),
      ),
    ).toEqual([400, "invalid_request"]);
  });

  it("lists by external_id in the documented envelope", async () => {
    const { server } = await ringside();
    for (const external_id of ["u_1", "u_2"]) await server("POST", "/v1/customers", { external_id });
    const { body } = await server("GET", "/v1/customers?external_id=u_2");
    expect(body).toMatchObject({ data: [{ external_id: "u_2" }], has_more: false, next_cursor: null });
    expect((await server("GET", "/v1/customers?external_id=u_3")).body.data).toEqual([]);
    expect((await server("GET", "/v1/customers")).body.data).toHaveLength(2);
  });
});

describe("Idempotency-Key", () => {
  const key = { "idempotency-key": "k_1" };

  it("replays the first answer to the same key and body, also at the same moment", async () => {
    const { server, control } = await ringside();
    const create = () => server("POST", "/v1/customers", { external_id: "u_1" }, key);
    const [first, second] = await Promise.all([create(), create()]);
    const third = await create();
    expect([first.status, second.status, third.status]).toEqual([201, 201, 201]);
    expect(second.body).toEqual(first.body);
    expect(third.body).toEqual(first.body);
    expect(third.headers.get("idempotent-replayed")).toBe("true");
    expect(await control("GET", "/customers?external_id=u_1")).toHaveLength(1);
  });

  it("rejects the same key with another body", async () => {
    const { server } = await ringside();
    await server("POST", "/v1/customers", { external_id: "u_1" }, key);
    const reused = await server("POST", "/v1/customers", { external_id: "u_2" }, key);
    expect(statusAndCode(reused)).toEqual([409, "idempotency_key_reused"]);
  });

  it("replays an error too, and the creation of a Customer that was deleted since", async () => {
    const { server, control } = await ringside();
    const first = await server("POST", "/v1/customers", { external_id: "u_1" }, key);
    const taken = () => server("POST", "/v1/customers", { external_id: "u_1" }, { "idempotency-key": "k_2" });
    expect((await taken()).status).toBe(409);
    await control("DELETE", `/customers/${first.body.id}`);
    expect((await taken()).status).toBe(409);
    const replayed = await server("POST", "/v1/customers", { external_id: "u_1" }, key);
    expect(replayed.body.id).toBe(first.body.id);
    expect((await server("GET", "/v1/customers/ext:u_1")).status).toBe(404);
  });

  it("forgets keys after a day", async () => {
    const clock = fakeClock("2026-11-23T12:00:00Z");
    const { server } = await ringside({ now: clock.now });
    await server("POST", "/v1/customers", { external_id: "u_1" }, key);
    clock.advance(24 * 3_600_000);
    expect((await server("POST", "/v1/customers", { external_id: "u_1" }, key)).status).toBe(409);
  });
});

describe("the Bearer key", () => {
  const routes = [
    ["GET", "/v1/customers/ext:u_1"],
    ["GET", "/v1/customers"],
    ["GET", "/v1/usage?group_by=day&customer_id=u_1"],
    ["GET", "/v1/customers/ext:u_1/usage?group_by=day"],
    ["GET", "/v1/customers/ext:u_1/wallet"],
    ["POST", "/v1/customers"],
    ["POST", "/v1/client_tokens"],
    ["POST", "/v1/customers/ext:u_1/client_tokens"],
    ["POST", "/v1/chat/completions"],
  ] as const;

  it.each(routes)("is required for %s %s", async (method, path) => {
    const { send } = await ringside();
    expect(statusAndCode(await send(method, path, {}))).toEqual([401, "invalid_api_key"]);
    expect(statusAndCode(await send(method, path, { key: `${KEY}x` }))).toEqual([401, "invalid_api_key"]);
    expect(statusAndCode(await send(method, path, { headers: { authorization: KEY } }))).toEqual([
      401,
      "invalid_api_key",
    ]);
  });

  it("gets 404 for unknown routes and methods", async () => {
    const { server } = await ringside();
    expect(statusAndCode(await server("GET", "/v1/nothing"))).toEqual([404, "not_found"]);
    expect(statusAndCode(await server("DELETE", "/v1/customers/ext:u_1"))).toEqual([404, "not_found"]);
  });
});

describe("budgets and wallet", () => {
  it("answers budget_usd as a scalar and budgets as an array with what each period has spent", async () => {
    const clock = fakeClock("2026-11-25T12:00:00Z"); // a Wednesday
    const { server, control } = await ringside({ now: clock.now });
    await server("POST", "/v1/customers", { external_id: "scalar", budget_usd: 50 });
    const scalar = (await server("GET", "/v1/customers/ext:scalar")).body;
    expect([scalar.budget_usd, "budgets" in scalar]).toEqual([50, false]);

    const budgets = ["day", "week", "month", "total"].map((period) => ({
      label: period,
      limit_usd: 100,
      period,
    }));
    await control("POST", "/customers", { external_id: "array", budgets });
    const days = ["2026-10-31", "2026-11-01", "2026-11-22", "2026-11-23", "2026-11-25"];
    for (const [nth, date] of days.entries()) {
      await control("POST", "/usage", { customer: "ext:array", spend_usd: 10 ** nth / 1000, date });
    }
    const { body } = await server("GET", "/v1/customers/ext:array");
    expect(body.budgets.map((budget: { spent_usd: number }) => budget.spent_usd)).toEqual([
      10, 11, 11.11, 11.111,
    ]);
    expect(parseCustomer(body).budgets[2]).toEqual({
      label: "month",
      limitUsd: 100,
      spentUsd: 11.11,
      period: "month",
    });
  });

  it("debits the wallet, lists the transactions, and answers 404 for a Customer without one", async () => {
    const { server, control } = await ringside();
    await control("POST", "/customers", { external_id: "u_1", wallet_balance_usd: 2 });
    await control("POST", "/usage", { customer: "ext:u_1", spend_usd: 0.5 });
    await control("POST", "/usage", { customer: "ext:u_1", spend_usd: -0.1, requests: 0 });
    expect((await server("GET", "/v1/customers/ext:u_1")).body.wallet_balance_usd).toBe(1.6);
    const { body } = await server("GET", "/v1/customers/ext:u_1/wallet");
    expect(body.balance_usd).toBe(1.6);
    expect(
      body.transactions.map(({ type, amount_usd }: { type: string; amount_usd: number }) => [
        type,
        amount_usd,
      ]),
    ).toEqual([
      ["refund", 0.1],
      ["debit", -0.5],
      ["topup", 2],
    ]);
    await control("POST", "/customers", { external_id: "u_2" });
    expect(statusAndCode(await server("GET", "/v1/customers/ext:u_2/wallet"))).toEqual([404, "not_found"]);
  });
});

const PREFLIGHT = {
  "access-control-request-method": "GET",
  "access-control-request-headers": "authorization",
};
const cors = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-") || name === "vary"));

describe("CORS", () => {
  it.each([ORIGIN, "https://evil.example", "null"])(
    "answers the preflight of %s, without credentials",
    async (origin) => {
      const { send } = await ringside();
      const { status, headers } = await send("OPTIONS", "/v1/customers/cus_x", {
        origin,
        headers: PREFLIGHT,
      });
      expect(status).toBe(204);
      expect(cors(headers)).toEqual({
        "access-control-allow-origin": origin,
        "access-control-allow-methods": "GET, POST, OPTIONS",
        "access-control-allow-headers": "Authorization, Content-Type",
        "access-control-max-age": "600",
        "access-control-expose-headers": "Retry-After",
        vary: "Origin",
      });
    },
  );

  it("lets the page read successes and errors", async () => {
    const { page, customerWithToken } = await ringside();
    const { path, token } = await customerWithToken();
    const readable = {
      "access-control-allow-origin": ORIGIN,
      "access-control-expose-headers": "Retry-After",
      vary: "Origin",
    };
    for (const [status, answer] of [
      [200, await page(path, token)],
      [401, await page(path, "bad")],
      [403, await page("/v1/customers/cus_x", token)],
      [404, await page("/v1/nothing", token)],
    ] as const) {
      expect([answer.status, cors(answer.headers)]).toEqual([status, readable]);
    }
    const elsewhere = await page(path, token, "https://evil.example");
    expect(elsewhere.status).toBe(403);
    expect(elsewhere.headers.get("access-control-allow-origin")).toBe("https://evil.example");
  });

  it("sends no CORS headers to servers", async () => {
    const { server } = await ringside();
    expect(cors((await server("GET", "/v1/customers")).headers)).toEqual({ vary: "Origin" });
  });

  it("is switched off by the fault cors_off, for that Customer only", async () => {
    const { page, send, control, customerWithToken } = await ringside();
    const { id, path, token } = await customerWithToken();
    const other = await customerWithToken({ external_id: "u_2" });
    await control("POST", "/faults", { customer: id, fault: "cors_off" });
    const refused = await send("OPTIONS", path, { origin: ORIGIN, headers: PREFLIGHT });
    expect([refused.status, cors(refused.headers)]).toEqual([403, {}]);
    for (const answer of [await page(path, token), await page("/v1/usage?group_by=day", token)]) {
      expect([answer.status, cors(answer.headers)]).toEqual([200, {}]);
    }
    expect((await page(other.path, other.token)).headers.get("access-control-allow-origin")).toBe(ORIGIN);
    await control("DELETE", `/faults?customer=${id}`);
    expect((await send("OPTIONS", path, { origin: ORIGIN, headers: PREFLIGHT })).status).toBe(204);
  });
});
