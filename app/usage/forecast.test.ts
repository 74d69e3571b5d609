import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DailyUsage } from "#app/ringside/contract.ts";
import { addDays, DAY_MS, monthStart, nextMonthStart, startOf, utcDay } from "./days.ts";
import { changeOnLastMonth, monthEnd, runOutDay, type SpendPace, spendPace } from "./forecast.ts";

const at = (iso: string) => Date.parse(iso);
/** One amount per day, the first of them on `from`. */
const days = (from: string, amounts: number[]): DailyUsage[] =>
  amounts.map((spendUsd, index) => ({ date: addDays(from, index), spendUsd, requestCount: 1 }));
const steady = (from: string, count: number, usd: number) => days(from, Array(count).fill(usd));

const usd = fc.double({ min: 0, max: 1e6, noNaN: true });
const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2032, 0, 1) });
/** 3 to 60 days that end yesterday, with the instant and the month's spend. */
const history = fc
  .record({ now: instant, amounts: fc.array(usd, { minLength: 3, maxLength: 60 }), spendUsd: usd })
  .map(({ now, amounts, spendUsd }) => ({
    now,
    spendUsd,
    daily: days(addDays(utcDay(now), -amounts.length), amounts),
  }));

describe("spendPace", () => {
  test("is the average of the last 14 full days; today and older days do not count", () => {
    const daily = [
      ...steady("2026-10-01", 40, 1_000),
      ...steady("2026-11-10", 14, 3),
      ...days("2026-11-24", [500]),
    ];
    expect(spendPace({ spendUsd: 42, daily, now: at("2026-11-24T12:00:00Z") })).toEqual({
      perDayUsd: 3,
      basis: "recent_days",
      days: 14,
      deviationUsd: 0,
    });
  });

  test("counts days without a row as zero", () => {
    const daily = [...days("2026-11-10", [14]), ...days("2026-11-24", [0])];
    expect(spendPace({ spendUsd: 14, daily, now: at("2026-11-24T00:00:00Z") })?.perDayUsd).toBe(1);
  });

  test("does not count the days before the first usage", () => {
    const pace = spendPace({
      spendUsd: 12,
      daily: steady("2026-11-21", 3, 4),
      now: at("2026-11-24T06:00:00Z"),
    });
    expect(pace).toMatchObject({ perDayUsd: 4, days: 3 });
  });

  test("looks back across the start of a month", () => {
    const pace = spendPace({
      spendUsd: 0,
      daily: steady("2026-10-01", 31, 2),
      now: at("2026-11-01T00:00:00Z"),
    });
    expect(pace).toMatchObject({ perDayUsd: 2, days: 14 });
  });

  test.each([
    ["no usage at all", []],
    ["only today", days("2026-11-24", [5])],
    ["two full days", steady("2026-11-22", 2, 5)],
  ])("is null after %s", (_, daily) => {
    expect(spendPace({ spendUsd: 5, daily, now: at("2026-11-24T12:00:00Z") })).toBeNull();
  });

  test("without daily figures it is the month's own average, once 3 days have passed", () => {
    expect(spendPace({ spendUsd: 30, daily: null, now: at("2026-11-11T00:00:00Z") })).toEqual({
      perDayUsd: 3,
      basis: "month_average",
      days: 10,
      deviationUsd: null,
    });
    expect(spendPace({ spendUsd: 30, daily: null, now: at("2026-11-03T23:00:00Z") })).toBeNull();
  });

  test("is never negative: a refund is no trend", () => {
    const pace = spendPace({
      spendUsd: -9,
      daily: steady("2026-11-20", 4, -3),
      now: at("2026-11-24T00:00:00Z"),
    });
    expect(pace?.perDayUsd).toBe(0);
  });

  test("grows as the amounts grow", () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 1_000 }), (month, factor) => {
        const larger = month.daily.map((day) => ({ ...day, spendUsd: day.spendUsd * factor }));
        const [once, often] = [spendPace(month), spendPace({ ...month, daily: larger })];
        expect(often?.perDayUsd).toBeCloseTo((once?.perDayUsd ?? Number.NaN) * factor, 3);
      }),
    );
  });
});

describe("monthEnd", () => {
  const pace = (perDayUsd: number, deviationUsd: number | null = 0): SpendPace => ({
    perDayUsd,
    basis: "recent_days",
    days: 14,
    deviationUsd,
  });

  test.each([
    ["30 days", "2026-11-21T00:00:00Z", 10],
    ["31 days", "2026-12-21T00:00:00Z", 11],
    ["28 days", "2026-02-21T00:00:00Z", 8],
    ["29 days in a leap year", "2028-02-21T00:00:00Z", 9],
    ["half a day left", "2026-11-30T12:00:00Z", 0.5],
    ["the last millisecond", "2026-11-30T23:59:59.999Z", 1 / DAY_MS],
  ])("adds one day's pace for each day left: %s", (_, now, left) => {
    expect(monthEnd(100, pace(2), at(now)).usd).toBeCloseTo(100 + 2 * left, 6);
  });

  test("has no range when all days cost the same, and none when nothing is known of them", () => {
    expect(monthEnd(100, pace(2), at("2026-11-21T00:00:00Z"))).toEqual({
      usd: 120,
      lowUsd: 120,
      highUsd: 120,
    });
    expect(monthEnd(100, pace(2, null), at("2026-11-21T00:00:00Z"))).toMatchObject({
      lowUsd: null,
      highUsd: null,
    });
  });

  test("is never below what is spent already, and lies within its range", () => {
    fc.assert(
      fc.property(history, ({ spendUsd, daily, now }) => {
        const known = spendPace({ spendUsd, daily, now });
        if (!known) throw new Error("3 days are enough");
        const { usd, lowUsd, highUsd } = monthEnd(spendUsd, known, now);
        expect(usd).toBeGreaterThanOrEqual(spendUsd);
        expect(lowUsd).toBeGreaterThanOrEqual(spendUsd);
        expect(lowUsd).toBeLessThanOrEqual(usd);
        expect(highUsd).toBeGreaterThanOrEqual(usd);
      }),
    );
  });

  test("narrows as the month goes by", () => {
    const width = (now: string) => {
      const { lowUsd, highUsd } = monthEnd(1_000, pace(20, 8), at(now));
      return (highUsd ?? 0) - (lowUsd ?? 0);
    };
    const widths = ["2026-11-02", "2026-11-10", "2026-11-20", "2026-11-29"].map((day) =>
      width(`${day}T00:00:00Z`),
    );
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
  });

  test("about 80 % of random months end within the range", () => {
    // A fixed sequence of normally distributed days: 14 seen, 15 to come, a thousand times.
    let seed = 42;
    const uniform = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const amounts = (count: number) => Array.from({ length: count }, () => 50 + 10 * normal());
    const now = at("2026-11-16T00:00:00Z");
    let inside = 0;
    for (let month = 0; month < 1_000; month++) {
      const known = spendPace({ spendUsd: 0, daily: days("2026-11-02", amounts(14)), now });
      if (!known) throw new Error("14 days are enough");
      const { lowUsd, highUsd } = monthEnd(0, known, now);
      const end = amounts(15).reduce((sum, amount) => sum + amount, 0);
      if (end >= (lowUsd ?? Infinity) && end <= (highUsd ?? -Infinity)) inside++;
    }
    expect(inside).toBeGreaterThan(740);
    expect(inside).toBeLessThan(860);
  });
});

describe("runOutDay", () => {
  const now = at("2026-11-24T12:00:00Z");
  const pace = { perDayUsd: 4, basis: "recent_days", days: 14, deviationUsd: 1 } as const;

  test.each([
    [1, "2026-11-24"],
    [10, "2026-11-27"],
    [40, "2026-12-04"],
  ])("%i USD at 4 a day last until %s", (left, day) => {
    expect(runOutDay(left, pace, now)).toBe(day);
  });

  test("is never when nothing is spent, when it is over already, or more than a year away", () => {
    expect(runOutDay(10, { ...pace, perDayUsd: 0 }, now)).toBeNull();
    expect(runOutDay(0, { ...pace, perDayUsd: 0 }, now)).toBeNull();
    expect(runOutDay(-1, pace, now)).toBeNull();
    expect(runOutDay(1e9, pace, now)).toBeNull();
  });
});

describe("changeOnLastMonth", () => {
  test("compares with the same part of last month, and today with the part of it that has passed", () => {
    // October: 2 a day. By noon of the 11th that was 2 × 10.5.
    const daily = steady("2026-10-01", 31, 2);
    const now = at("2026-11-11T12:00:00Z");
    expect(changeOnLastMonth({ spendUsd: 21, daily, now })).toBeCloseTo(0, 9);
    expect(changeOnLastMonth({ spendUsd: 42, daily, now })).toBeCloseTo(1, 9);
    expect(changeOnLastMonth({ spendUsd: 10.5, daily, now })).toBeCloseTo(-0.5, 9);
  });

  test("takes the whole of a shorter last month on a day that it did not have", () => {
    const daily = steady("2026-02-01", 28, 1);
    expect(changeOnLastMonth({ spendUsd: 28, daily, now: at("2026-03-31T18:00:00Z") })).toBeCloseTo(0, 9);
  });

  test.each([
    ["the daily figures are missing", null, 5],
    ["there are none", [], 5],
    ["usage began in the middle of last month", steady("2026-10-05", 27, 2), 5],
    ["nothing was spent then", steady("2026-10-01", 31, 0), 5],
    ["this month is a refund so far", steady("2026-10-01", 31, 2), -5],
  ])("is null when %s", (_, daily, spendUsd) => {
    expect(changeOnLastMonth({ spendUsd, daily, now: at("2026-11-11T12:00:00Z") })).toBeNull();
  });

  test("is zero for the same spend every day, at any time of the month", () => {
    fc.assert(
      fc.property(instant, (now) => {
        const today = utcDay(now);
        const passed = (now - startOf(monthStart(today))) / DAY_MS;
        const daily = steady(monthStart(addDays(monthStart(today), -1)), 62, 1);
        const lastMonth = (startOf(monthStart(today)) - startOf(daily[0]?.date ?? "")) / DAY_MS;
        fc.pre(passed > 0.01 && passed <= lastMonth && utcDay(now) < nextMonthStart(today));
        expect(changeOnLastMonth({ spendUsd: passed, daily, now })).toBeCloseTo(0, 9);
      }),
    );
  });
});
