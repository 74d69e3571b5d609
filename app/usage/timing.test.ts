import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backoffDelay, elapsed, pollDelay, remaining, retryAfterDelay } from "./timing.ts";

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const interval = fc.integer({ min: 1_000, max: 60_000 });

describe("timing", () => {
  test("no delay is shorter than the interval, after any number of failures", () => {
    fc.assert(
      fc.property(interval, fc.integer({ min: 1, max: 5_000 }), random, (ms, failures, jitter) => {
        expect(pollDelay(ms, jitter)).toBeGreaterThanOrEqual(ms);
        expect(backoffDelay(failures, ms, jitter)).toBeGreaterThanOrEqual(ms);
        expect(backoffDelay(failures, ms, jitter)).toBeLessThanOrEqual(Math.max(60_000, 2 * ms));
      }),
    );
  });

  test.each([
    [1, 5_000, 10_000],
    [2, 10_000, 20_000],
    [3, 20_000, 40_000],
    [4, 30_000, 60_000],
    [9, 30_000, 60_000],
  ])("failure %i waits %i to %i ms at a five-second interval", (failures, min, max) => {
    expect(backoffDelay(failures, 5_000, 0)).toBe(min);
    expect(backoffDelay(failures, 5_000, 1)).toBe(max);
  });

  test("a Retry-After is never cut short, capped at ten minutes, and spread by up to a minute", () => {
    fc.assert(
      fc.property(interval, fc.integer({ min: 0, max: 10_000_000 }), random, (ms, asked, jitter) => {
        const wait = retryAfterDelay(asked, ms, jitter);
        expect(wait).toBeGreaterThanOrEqual(Math.min(asked, 600_000));
        expect(wait).toBeLessThanOrEqual(Math.min(asked, 600_000) + 60_000);
      }),
    );
    expect(retryAfterDelay(0, 5_000, 1)).toBe(20_000);
    expect(retryAfterDelay(90_000, 5_000, 1)).toBe(135_000);
  });

  test("a clock that is set back ends every wait", () => {
    expect(elapsed(1_000, 999)).toBe(Number.POSITIVE_INFINITY);
    expect(remaining({ from: 1_000, ms: 500, retryAfterMs: 0 }, 1_200)).toBe(300);
    expect(remaining({ from: 1_000, ms: 500, retryAfterMs: 0 }, 9_000)).toBe(0);
    expect(remaining({ from: 1_000, ms: 500, retryAfterMs: 0 }, 999)).toBe(0);
    expect(remaining(null, 0)).toBe(0);
  });
});
