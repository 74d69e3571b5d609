import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addDays,
  daysBetween,
  everyDay,
  lastMonthStart,
  monthStart,
  nextMonthStart,
  startOf,
  utcDay,
} from "./days.ts";

const anyDay = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) }).map((ms) => utcDay(ms));

describe("days in UTC", () => {
  test("an instant belongs to its UTC day, up to the last millisecond", () => {
    expect(utcDay(Date.UTC(2026, 10, 24))).toBe("2026-11-24");
    expect(utcDay(Date.UTC(2026, 10, 25) - 1)).toBe("2026-11-24");
  });

  test.each([
    ["2024-02-28", 1, "2024-02-29"],
    ["2023-02-28", 1, "2023-03-01"],
    ["2026-12-31", 1, "2027-01-01"],
    ["2026-03-01", -1, "2026-02-28"],
  ])("%s and %i days more is %s", (day, count, expected) => {
    expect(addDays(day, count)).toBe(expected);
  });

  test.each([
    ["2026-01-31", "2026-01-01", "2025-12-01", "2026-02-01"],
    ["2024-02-29", "2024-02-01", "2024-01-01", "2024-03-01"],
    ["2026-12-01", "2026-12-01", "2026-11-01", "2027-01-01"],
  ])("around %s months begin on %s, %s before and %s after", (day, own, before, after) => {
    expect([monthStart(day), lastMonthStart(day), nextMonthStart(day)]).toEqual([own, before, after]);
  });

  test("adding days and counting them are each other's inverse", () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -800, max: 800 }), (day, count) => {
        expect(daysBetween(day, addDays(day, count))).toBe(count);
        expect(utcDay(startOf(day))).toBe(day);
      }),
    );
  });
});

describe("everyDay", () => {
  const known = { date: "2026-11-02", spendUsd: 3, requestCount: 7 };

  test("fills days without calls with zeros and leaves out what is not asked for", () => {
    const outside = { date: "2026-10-01", spendUsd: 9, requestCount: 9 };
    expect(everyDay([outside, known], "2026-11-01", "2026-11-03")).toEqual([
      { date: "2026-11-01", spendUsd: 0, requestCount: 0 },
      known,
      { date: "2026-11-03", spendUsd: 0, requestCount: 0 },
    ]);
  });

  test("is empty when the end is before the start", () => {
    expect(everyDay([known], "2026-11-03", "2026-11-02")).toEqual([]);
  });
});
