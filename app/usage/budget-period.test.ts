import { describe, expect, test } from "vitest";
import { budgetPeriod, spendSince } from "./budget-period.ts";

describe("budgetPeriod", () => {
  // A Wednesday.
  const today = "2026-11-25";

  test.each([
    ["month", "2026-11-01", "2026-12-01", null],
    ["monthly", "2026-11-01", "2026-12-01", null],
    ["calendar_month", "2026-11-01", "2026-12-01", null],
    ["day", "2026-11-25", "2026-11-26", null],
    ["1d", "2026-11-25", "2026-11-26", null],
    ["Daily", "2026-11-25", "2026-11-26", null],
    ["week", "2026-11-23", "2026-11-30", null],
    ["weekly", "2026-11-23", "2026-11-30", null],
    ["7d", "2026-11-19", null, 7],
    ["30 days", "2026-10-27", null, 30],
  ])("%s counts from %s and starts over on %s", (name, from, resetsOn, rollingDays) => {
    expect(budgetPeriod(name, today)).toEqual({ from, resetsOn, rollingDays });
  });

  test.each(["year", "24h", "0d", "91d", "lifetime", "", "days"])("%j cannot be measured by days", (name) => {
    expect(budgetPeriod(name, today)).toBeNull();
  });

  test("a week that began on Monday includes a Sunday's whole week", () => {
    expect(budgetPeriod("week", "2026-11-29")).toMatchObject({ from: "2026-11-23", resetsOn: "2026-11-30" });
    expect(budgetPeriod("week", "2026-11-23")).toMatchObject({ from: "2026-11-23", resetsOn: "2026-11-30" });
  });
});

test("spendSince adds the days of the period and no others", () => {
  const day = (date: string, spendUsd: number) => ({ date, spendUsd, requestCount: 1 });
  const daily = [day("2026-11-22", 100), day("2026-11-23", 1), day("2026-11-25", 2)];
  expect(spendSince(daily, "2026-11-23", "2026-11-25")).toBe(3);
  expect(spendSince(daily, "2026-11-25", "2026-11-25")).toBe(2);
});
