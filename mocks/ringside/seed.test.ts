import { describe, expect, it } from "vitest";
import { isDay, periodStart, startOf } from "./calendar.ts";
import { callsBetween, type DayTotal, meanCostMicros, type ProfileName, pastDays, profiles } from "./seed.ts";

const NOW = Date.parse("2026-11-23T18:00:00Z"); // a Monday
const names = Object.keys(profiles) as ProfileName[];
const mean = (days: [string, DayTotal][]) =>
  days.reduce((sum, [, { requests }]) => sum + requests, 0) / days.length;
const weekend = ([day]: [string, DayTotal]) => [0, 6].includes(new Date(startOf(day)).getUTCDay());

describe.each(names)("the history of a %s Customer", (name) => {
  const profile = profiles[name];
  const history = [...pastDays("u_1", profile, NOW)];

  it("covers 90 days in order and ends today", () => {
    expect(history).toHaveLength(90);
    expect(history[0]?.[0]).toBe("2026-08-26");
    expect(history[89]?.[0]).toBe("2026-11-23");
  });

  it("is the same every time, and different for another Customer", () => {
    expect([...pastDays("u_1", profile, NOW)]).toEqual(history);
    expect([...pastDays("u_2", profile, NOW)]).not.toEqual(history);
  });

  it("has less usage at weekends, growth, and costs that fit the profile", () => {
    const past = history.slice(0, -1);
    expect(mean(past.filter(weekend))).toBeLessThan(mean(past.filter((day) => !weekend(day))));
    expect(mean(past.slice(-28))).toBeGreaterThan(mean(past.slice(0, 28)));
    for (const [, { micros, requests }] of history) {
      expect(Number.isInteger(micros)).toBe(true);
      expect(micros / requests / meanCostMicros(profile)).toBeGreaterThan(0.85);
      expect(micros / requests / meanCostMicros(profile)).toBeLessThan(1.15);
    }
  });

  it("fills today in proportion to its elapsed part", () => {
    const at = (hour: number) => pastDays("u_1", profile, startOf("2026-11-23") + hour * 3_600_000);
    const requests = (hour: number) => at(hour).get("2026-11-23")?.requests ?? 0;
    expect(requests(0)).toBe(0);
    expect(requests(12) / requests(24 - 1e-6)).toBeCloseTo(0.5, 1);
  });
});

describe("spikes", () => {
  it("occur twice in a spiky history", () => {
    const history = [...pastDays("u_1", { ...profiles.spiky, noise: 0, weekend: 1, growth: 0 }, NOW)].slice(
      0,
      -1,
    );
    const spikes = history.filter(([, { requests }]) => requests > 2 * profiles.spiky.requestsPerDay);
    expect(spikes).toHaveLength(2);
  });
});

describe("traffic", () => {
  it("comes every 2 to 6 s, at the profile's cost, the same for every partition of the time", () => {
    const until = NOW + 600_000;
    const calls = callsBetween(7, profiles.steady, NOW, until);
    for (const [index, call] of calls.entries()) {
      const gap = call.at - (calls[index - 1]?.at ?? NOW);
      expect(gap).toBeLessThanOrEqual(6_000);
      if (index > 0) expect(gap).toBeGreaterThanOrEqual(2_000);
      expect(call.micros).toBeGreaterThanOrEqual(400);
      expect(call.micros).toBeLessThanOrEqual(6_000);
    }
    const cuts = [NOW, NOW + 1, calls[3]?.at ?? 0, NOW + 123_456, until];
    const pieces = cuts
      .slice(1)
      .flatMap((to, index) => callsBetween(7, profiles.steady, cuts[index] ?? 0, to));
    expect(pieces).toEqual(calls);
    expect(callsBetween(7, profiles.steady, until, until)).toEqual([]);
    expect(callsBetween(7, profiles.steady, until, NOW)).toEqual([]);
  });
});

describe("the calendar", () => {
  it.each([
    ["day", "2026-11-29", "2026-11-29"],
    ["week", "2026-11-29", "2026-11-23"],
    ["week", "2026-11-23", "2026-11-23"],
    ["week", "2026-12-01", "2026-11-30"],
    ["month", "2026-11-30", "2026-11-01"],
  ] as const)("the %s of %s began on %s", (period, day, first) => {
    expect(periodStart(period, day)).toBe(first);
  });

  it("accepts only days that exist", () => {
    expect(["2028-02-29", "2026-12-31"].filter(isDay)).toHaveLength(2);
    expect(["2026-02-29", "2026-13-01", "2026-1-1", "2026-01-01T00:00", ""].filter(isDay)).toEqual([]);
  });
});
