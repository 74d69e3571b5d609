import { describe, expect, it } from "vitest";
import { parseCustomer, parseDailyUsage, type UsageRow } from "#app/ringside/contract.ts";
import { fakeClock, ringside, statusAndCode } from "./test-client.ts";

const sum = (rows: UsageRow[], field: "spend_usd" | "request_count") =>
  rows.reduce((total, row) => total + Math.round(row[field] * 1e6), 0) / 1e6;

describe("daily usage", () => {
  it("gives the same days to the server by both routes and to the page by its token", async () => {
    const { server, page, customerWithToken } = await ringside();
    const { id, path, token } = await customerWithToken({ history: "steady" });
    const own = await page("/v1/usage?group_by=day", token);
    expect(parseDailyUsage(own.body)).toHaveLength(90);
    expect((await server("GET", `/v1/usage?group_by=day&customer_id=${id}`)).body).toEqual(own.body);
    expect((await server("GET", `${path}/usage?group_by=day`)).body).toEqual(own.body);
    expect((await server("GET", "/v1/customers/ext:u_1/usage?group_by=day")).body).toEqual(own.body);
  });

  it("starts at since, in UTC days, and leaves out days without usage", async () => {
    const clock = fakeClock("2026-11-23T00:30:00Z");
    const { server, control } = await ringside({ now: clock.now });
    await control("POST", "/customers", { external_id: "u_1" });
    for (const date of ["2026-11-20", "2026-11-22", undefined]) {
      await control("POST", "/usage", { customer: "ext:u_1", spend_usd: 0.0004, date });
    }
    const { body } = await server("GET", "/v1/customers/ext:u_1/usage?group_by=day&since=2026-11-21");
    expect(body).toEqual([
      { date: "2026-11-22", spend_usd: 0.0004, request_count: 1 },
      { date: "2026-11-23", spend_usd: 0.0004, request_count: 1 },
    ]);
    const future = await server("GET", "/v1/customers/ext:u_1/usage?group_by=day&since=2026-12-01");
    expect(future.body).toEqual([]);
  });

  it("rejects invalid queries", async () => {
    const { server, page, customerWithToken } = await ringside();
    const { path, token } = await customerWithToken();
    for (const query of [
      "",
      "?group_by=hour",
      "?group_by=day&since=yesterday",
      "?group_by=day&since=2026-02-30",
    ]) {
      expect(statusAndCode(await page(`/v1/usage${query}`, token))).toEqual([400, "invalid_request"]);
      expect(statusAndCode(await server("GET", `${path}/usage${query}`))).toEqual([400, "invalid_request"]);
    }
    expect(statusAndCode(await server("GET", "/v1/usage?group_by=day"))).toEqual([400, "invalid_request"]);
    expect(statusAndCode(await server("GET", "/v1/usage?group_by=day&customer_id=cus_x"))).toEqual([
      404,
      "not_found",
    ]);
    expect(statusAndCode(await server("GET", "/v1/customers/ext:x/usage?group_by=day"))).toEqual([
      404,
      "not_found",
    ]);
  });
});

describe("month to date", () => {
  it.each(["steady", "spiky", "huge", "tiny"])(
    "is exactly the sum of the month's days for %s usage",
    async (history) => {
      const { server, control } = await ringside();
      await control("POST", "/customers", { external_id: "u_1", history, traffic: true });
      const { customer, days } = await control("GET", "/customers/ext:u_1");
      const month = new Date().toISOString().slice(0, 7);
      const current = days.filter((day: UsageRow) => day.date.startsWith(month));
      expect(customer.spend_usd_mtd).toBe(sum(current, "spend_usd"));
      expect(customer.request_count_mtd).toBe(sum(current, "request_count"));
      const { body } = await server("GET", `/v1/customers/ext:u_1/usage?group_by=day&since=2026-11-01`);
      expect(body).toEqual(current);
    },
  );

  it("starts at zero when the Customer's clock enters a new month; the old days stay", async () => {
    const clock = fakeClock("2026-11-30T23:59:00Z");
    const { server, control } = await ringside({ now: clock.now });
    const budgets = [{ label: "Cap", limit_usd: 10, period: "month" }];
    await control("POST", "/customers", { external_id: "u_1", budgets });
    await control("POST", "/usage", { customer: "ext:u_1", spend_usd: 4, requests: 3 });
    const figures = async () => parseCustomer((await server("GET", "/v1/customers/ext:u_1")).body);
    expect(await figures()).toMatchObject({ spendUsd: 4, requestCount: 3, budgets: [{ spentUsd: 4 }] });

    await control("POST", "/clock", { customer: "ext:u_1", advance_ms: 60_000 });
    expect(await figures()).toMatchObject({ spendUsd: 0, requestCount: 0, budgets: [{ spentUsd: 0 }] });
    await control("POST", "/usage", { customer: "ext:u_1", spend_usd: 0.25 });
    expect(await figures()).toMatchObject({ spendUsd: 0.25, requestCount: 1 });
    expect((await control("GET", "/customers/ext:u_1")).days).toEqual([
      { date: "2026-11-30", spend_usd: 4, request_count: 3 },
      { date: "2026-12-01", spend_usd: 0.25, request_count: 1 },
    ]);

    await control("POST", "/clock", { customer: "ext:u_1", advance_ms: 0 });
    expect(await figures()).toMatchObject({ spendUsd: 4, requestCount: 3 });
  });
});

describe("live traffic", () => {
  it("adds 1 to 5 calls in every 10 s of clock time, at plausible cost", async () => {
    const clock = fakeClock("2026-11-23T12:00:00Z");
    const { server, control } = await ringside({ now: clock.now });
    await control("POST", "/customers", { external_id: "u_1", traffic: true });
    const figures = async () => parseCustomer((await server("GET", "/v1/customers/ext:u_1")).body);
    let last = await figures();
    expect(last.requestCount).toBe(0);
    for (let step = 0; step < 30; step += 1) {
      clock.advance(10_000);
      const next = await figures();
      const calls = next.requestCount - last.requestCount;
      expect(calls).toBeGreaterThanOrEqual(1);
      expect(calls).toBeLessThanOrEqual(5);
      const perCall = (next.spendUsd - last.spendUsd) / calls;
      expect(perCall).toBeGreaterThanOrEqual(0.0004);
      expect(perCall).toBeLessThanOrEqual(0.03);
      last = next;
    }
    expect(await figures()).toEqual(last);
  });

  it("does not depend on how often it is read", async () => {
    const clock = fakeClock("2026-11-23T23:50:00Z");
    const { server, control } = await ringside({ now: clock.now });
    const often = await ringside({ now: clock.now });
    for (const mock of [{ control }, often]) {
      await mock.control("POST", "/customers", { external_id: "u_1", history: "tiny", traffic: true });
    }
    for (let step = 0; step < 20; step += 1) {
      clock.advance(60_000);
      await often.server("GET", "/v1/customers/ext:u_1");
    }
    const days = async (ask: typeof server) =>
      (await ask("GET", "/v1/customers/ext:u_1/usage?group_by=day&since=2026-11-23")).body;
    expect(await days(server)).toEqual(await days(often.server));
    expect(await days(server)).toHaveLength(2);
  });

  it("stops and starts by control, and a moved clock adds none", async () => {
    const clock = fakeClock("2026-11-23T12:00:00Z");
    const { control } = await ringside({ now: clock.now });
    const seed = { external_id: "u_1", traffic: true, wallet_balance_usd: 1 };
    await control("POST", "/customers", seed);
    const row = async () => (await control("GET", "/customers/ext:u_1")).customer;
    clock.advance(60_000);
    await control("POST", "/traffic", { customer: "ext:u_1", on: false });
    const { request_count_mtd: stopped, wallet_balance_usd, spend_usd_mtd } = await row();
    expect(stopped).toBeGreaterThan(9);
    expect(wallet_balance_usd).toBeCloseTo(1 - spend_usd_mtd, 6);
    clock.advance(60_000);
    expect((await row()).request_count_mtd).toBe(stopped);
    await control("POST", "/traffic", { customer: "ext:u_1", on: true });
    await control("POST", "/clock", { customer: "ext:u_1", advance_ms: 86_400_000 });
    expect((await row()).request_count_mtd).toBe(stopped);
    clock.advance(10_000);
    expect((await row()).request_count_mtd).toBeGreaterThan(stopped);
    const { days } = await control("GET", "/customers/ext:u_1");
    expect(days.map((day: UsageRow) => day.date)).toEqual(["2026-11-23", "2026-11-24"]);
  });
});

describe("a chat completion", () => {
  const body = { model: "fc:any", messages: [{ role: "user", content: "Hello" }] };

  it("adds to the figures of the Customer in FC-Customer", async () => {
    const { server, control } = await ringside();
    const { id } = await control("POST", "/customers", { external_id: "u_1", wallet_balance_usd: 1 });
    const answer = await server("POST", "/v1/chat/completions", body, { "FC-Customer": id });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      object: "chat.completion",
      model: "fc:any",
      choices: [{ index: 0, message: { role: "assistant" }, finish_reason: "stop" }],
    });
    expect(answer.body.usage.total_tokens).toBe(
      answer.body.usage.prompt_tokens + answer.body.usage.completion_tokens,
    );
    const { customer } = await control("GET", `/customers/${id}`);
    expect(customer.request_count_mtd).toBe(1);
    expect(customer.spend_usd_mtd).toBeGreaterThan(0);
    expect(customer.spend_usd_mtd).toBeLessThan(0.01);
    expect(Number(answer.headers.get("x-ringside-wallet-deducted"))).toBe(customer.spend_usd_mtd);
    expect(Number(answer.headers.get("x-ringside-wallet-balance"))).toBe(customer.wallet_balance_usd);
  });

  it("creates a Customer for an unknown user, and records nothing without a user", async () => {
    const { server, control } = await ringside();
    for (let call = 0; call < 2; call += 1) {
      await server("POST", "/v1/chat/completions", { ...body, user: "u_9" });
    }
    await server("POST", "/v1/chat/completions", body, { "fc-customer": "ext:u_9" });
    expect(await control("GET", "/customers")).toMatchObject([{ external_id: "u_9", request_count_mtd: 3 }]);
    expect((await server("POST", "/v1/chat/completions", body)).status).toBe(200);
    expect(await control("GET", "/customers")).toMatchObject([{ request_count_mtd: 3 }]);
    const unknown = await server("POST", "/v1/chat/completions", { ...body, user: "cus_none" });
    expect(statusAndCode(unknown)).toEqual([404, "customer_not_found"]);
  });

  it("is rejected with 402 once a budget is reached or the wallet is empty", async () => {
    const { server, control } = await ringside();
    const chat = (user: string) => server("POST", "/v1/chat/completions", { ...body, user });
    const budgets = [{ label: "Day", limit_usd: 1, period: "day" }];
    await control("POST", "/customers", { external_id: "array", budgets });
    await control("POST", "/customers", { external_id: "scalar", budget_usd: 1 });
    await control("POST", "/customers", { external_id: "wallet", wallet_balance_usd: 1 });
    for (const user of ["array", "scalar", "wallet"]) {
      expect((await chat(user)).status).toBe(200);
      await control("POST", "/usage", { customer: `ext:${user}`, spend_usd: 1 });
      const code = user === "wallet" ? "customer_wallet_empty" : "customer_budget_exceeded";
      expect(statusAndCode(await chat(user))).toEqual([402, code]);
      expect((await control("GET", `/customers/ext:${user}`)).customer.request_count_mtd).toBe(2);
    }
  });

  it("rejects an invalid chat request", async () => {
    const { server } = await ringside();
    for (const bad of [{}, { ...body, messages: [] }, { ...body, stream: true }]) {
      expect(statusAndCode(await server("POST", "/v1/chat/completions", bad))).toEqual([
        400,
        "invalid_request",
      ]);
    }
  });
});
