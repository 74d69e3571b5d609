import { describe, expect, it } from "vitest";
import {
  ContractError,
  errorCode,
  parseClientToken,
  parseCustomer,
  parseDailyUsage,
  paths,
} from "./contract.ts";

const row = { id: "cus_1", spend_usd_mtd: 10, request_count_mtd: 4 };

describe("parseCustomer", () => {
  it("reads numbers that arrive as strings", () => {
    expect(parseCustomer({ ...row, spend_usd_mtd: "0.0000042", request_count_mtd: "7" })).toMatchObject({
      spendUsd: 0.0000042,
      requestCount: 7,
    });
  });

  it.each([
    [{ budget_usd: 50 }, [{ label: "Monthly budget", limitUsd: 50, spentUsd: 10, period: "month" }]],
    [
      { monthly_budget_usd: "50" },
      [{ label: "Monthly budget", limitUsd: 50, spentUsd: 10, period: "month" }],
    ],
    [{ budget_usd: 0 }, [{ label: "Monthly budget", limitUsd: 0, spentUsd: 10, period: "month" }]],
    [
      { budgets: [{ limit_usd: 20, period: "day" }] },
      [{ label: "Budget per day", limitUsd: 20, spentUsd: null, period: "day" }],
    ],
    [
      { budgets: [{ label: "Team", limit_usd: 5, spent_usd: 6, period: "day" }, { name: "no limit" }] },
      [{ label: "Team", limitUsd: 5, spentUsd: 6, period: "day" }],
    ],
    [{ budgets: [] }, []],
    [{ budget_usd: null }, []],
    [{}, []],
  ])("normalises the budgets of %j", (fields, budgets) => {
    expect(parseCustomer({ ...row, ...fields }).budgets).toEqual(budgets);
  });

  it("reads amounts too small to divide by as zero", () => {
    const tiny = parseCustomer({ ...row, spend_usd_mtd: -5e-324, request_count_mtd: "1e-300" });
    expect(tiny).toMatchObject({ spendUsd: 0, requestCount: 0 });
    expect(parseCustomer({ ...row, spend_usd_mtd: 1e15 }).spendUsd).toBe(1e15);
  });

  it("finds a wallet under either name", () => {
    expect(parseCustomer(row).walletUsd).toBeNull();
    expect(parseCustomer({ ...row, wallet_balance_usd: 3 }).walletUsd).toBe(3);
    expect(parseCustomer({ ...row, wallet: { balance_usd: "4" } }).walletUsd).toBe(4);
  });

  it.each([
    null,
    [],
    {},
    { ...row, id: "" },
    { ...row, id: "x".repeat(1_000) },
    { ...row, budgets: Array.from({ length: 101 }, () => ({ limit_usd: 1 })) },
    { ...row, budgets: [{ limit_usd: 1, label: "x".repeat(1_000) }] },
    { ...row, spend_usd_mtd: "12,5" },
    { ...row, spend_usd_mtd: Infinity },
    { ...row, spend_usd_mtd: "1e999" },
    { ...row, spend_usd_mtd: -1e308 },
    { ...row, request_count_mtd: "1e999" },
    { ...row, budget_usd: "-1e999" },
    { ...row, budgets: [{ limit_usd: 1e16 }] },
    { ...row, budgets: [{ limit_usd: 1, spent_usd: "1e999" }] },
    { ...row, wallet_balance_usd: "1e999" },
    { ...row, wallet: { balance_usd: 1e308 } },
  ])("refuses %j and says what is wrong without quoting it", (body) => {
    expect(() => parseCustomer(body)).toThrow(ContractError);
  });
});

describe("parseDailyUsage", () => {
  it("takes both envelopes, every spelling, any order, and sums duplicates", () => {
    const expected = [
      { date: "2026-11-22", spendUsd: 3, requestCount: 3 },
      { date: "2026-11-23", spendUsd: 0.5, requestCount: 0 },
    ];
    expect(
      parseDailyUsage([
        { date: "2026-11-23", spend_usd: 0.5 },
        { day: "2026-11-22", cost_usd: "1", requests: 1 },
        { bucket: "2026-11-22T00:00:00Z", total_cost_usd: 2, request_count: "2" },
      ]),
    ).toEqual(expected);
    expect(parseDailyUsage({ data: [], has_more: false })).toEqual([]);
  });

  it.each([[{ rows: [] }], [[{ date: "yesterday", spend_usd: 1 }]], [[{ date: "2026-11-22" }]], ["x"]])(
    "refuses %j",
    (body) => expect(() => parseDailyUsage(body)).toThrow(ContractError),
  );
});

describe("a day", () => {
  const usage = (...rows: object[]) => parseDailyUsage(rows.map((more) => ({ spend_usd: 1, ...more })));

  it.each(["2026-00-10", "2026-13-45", "0000-00-00", "2026-02-29", "2026-02-30", "1969-12-31"])(
    "that is no day of the calendar is refused: %s",
    (date) => expect(() => usage({ date })).toThrow(ContractError),
  );

  it.each(["2024-02-29", "1970-01-01", "9999-12-31"])("of the calendar is taken: %s", (date) =>
    expect(usage({ date })).toMatchObject([{ date }]),
  );

  it.each([
    [1e308, 1e308],
    [1e308, -1e308],
    ["1e999", 1],
  ])("that costs %s, and another %s, is refused: their sum would be no number", (spend_usd, next) => {
    const date = "2026-11-22";
    expect(() => usage({ date, spend_usd }, { date, spend_usd: next })).toThrow(ContractError);
    expect(() => usage({ date, request_count: spend_usd })).toThrow(ContractError);
  });
});

describe("parseClientToken", () => {
  it("tells Unix seconds from ISO 8601", () => {
    const at = Date.UTC(2026, 10, 24, 6);
    for (const expires_at of [at / 1000, String(at / 1000), "2026-11-24T06:00:00Z"])
      expect(parseClientToken({ token: "jwt", expires_at })).toEqual({ token: "jwt", expiresAt: at });
    expect(() => parseClientToken({ token: "jwt", expires_at: "soon" })).toThrow(ContractError);
    expect(() => parseClientToken({ jwt: "x" })).toThrow(ContractError);
  });
});

describe("errorCode", () => {
  it.each([
    [{ error: { code: "a", type: "b" }, code: "c" }, "a"],
    [{ error: { type: "b" }, code: "c" }, "b"],
    [{ error: "d", code: "c" }, "c"],
    [{ error: "d" }, "d"],
    [{}, null],
    [null, null],
    ["text", null],
    [{ error: 5 }, null],
  ])("of %j is %j", (body, code) => expect(errorCode(body)).toBe(code));
});

describe("paths", () => {
  it("encode ids so that they stay one segment", () => {
    expect(paths.customerByExternalId("auth0|a/b?c#d%2F..")).toBe(
      "/customers/ext:auth0%7Ca%2Fb%3Fc%23d%252F..",
    );
    expect(new URL(paths.customerUsage("../../x"), "https://h.test").pathname).toBe(
      "/customers/ext:..%2F..%2Fx/usage",
    );
  });
});
