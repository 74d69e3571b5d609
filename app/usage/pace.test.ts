import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { afterRetryAfter, backoff, elapsed, remaining, steady } from "./pace.ts";

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const interval = fc.integer({ min: 1_000, max: 60_000 });

describe("the pace", () => {
  test("is never quicker than the interval, whatever failed and however often", () => {
    fc.assert(
      fc.property(interval, fc.integer({ min: 1, max: 5_000 }), random, (ms, failures, luck) => {
        expect(steady(ms, luck)).toBeGreaterThanOrEqual(ms);
        expect(backoff(failures, ms, luck)).toBeGreaterThanOrEqual(ms);
        expect(backoff(failures, ms, luck)).toBeLessThanOrEqual(Math.max(60_000, 2 * ms));
      }),
    );
  });

  test.each([
    [1, 5_000, 10_000],
    [2, 10_000, 20_000],
    [3, 20_000, 40_000],
    [4, 30_000, 60_000],
    [9, 30_000, 60_000],
  ])("failure %i waits from %i to %i ms at a five-second interval", (failures, least, most) => {
    expect(backoff(failures, 5_000, 0)).toBe(least);
    expect(backoff(failures, 5_000, 1)).toBe(most);
  });

  test("a Retry-After is never cut short, never believed beyond ten minutes, and spread by up to a minute", () => {
    fc.assert(
      fc.property(interval, fc.integer({ min: 0, max: 10_000_000 }), random, (ms, asked, luck) => {
        const wait = afterRetryAfter(asked, ms, luck);
        expect(wait).toBeGreaterThanOrEqual(Math.min(asked, 600_000));
        expect(wait).toBeLessThanOrEqual(Math.min(asked, 600_000) + 60_000);
      }),
    );
    expect(afterRetryAfter(0, 5_000, 1)).toBe(20_000);
    expect(afterRetryAfter(90_000, 5_000, 1)).toBe(135_000);
  });

  test("a clock that is set back ends every wait", () => {
    expect(elapsed(1_000, 999)).toBe(Number.POSITIVE_INFINITY);
    expect(remaining({ from: 1_000, ms: 500, askedMs: 0 }, 1_200)).toBe(300);
    expect(remaining({ from: 1_000, ms: 500, askedMs: 0 }, 9_000)).toBe(0);
    expect(remaining({ from: 1_000, ms: 500, askedMs: 0 }, 999)).toBe(0);
    expect(remaining(null, 0)).toBe(0);
  });
});
