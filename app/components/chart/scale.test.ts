import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { heightOf, scaleFor } from "./scale.ts";

describe("scaleFor", () => {
  test.each([
    [[9.5], false, [0, 2.5, 5, 7.5, 10]],
    [[0.00002], false, [0, 0.000005, 0.00001, 0.000015, 0.00002]],
    [[0.3], false, [0, 0.1, 0.2, 0.3]],
    [[3], true, [0, 1, 2, 3]],
    [[7], true, [0, 2, 4, 6, 8]],
    [[-6.5, 9.5], false, [-10, -5, 0, 5, 10]],
    [[0, 0], false, [0, 0.25, 0.5, 0.75, 1]],
    [[], true, [0, 1, 2, 3, 4]],
  ])("of %j, whole %s, has marks at %j", (values, whole, ticks) => {
    expect(scaleFor(values, whole).ticks).toEqual(ticks);
  });

  test("holds every value and zero between few, evenly spaced marks", () => {
    // Down to a thousandth of a millionth of a dollar.
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((wide) => Number(wide.toFixed(9)));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 90 }), fc.boolean(), (values, whole) => {
        const { min, max, step, ticks } = scaleFor(values, whole);
        // A billionth of a step cannot be seen, and rounding may eat it.
        expect(min).toBeLessThanOrEqual(Math.min(0, ...values) + step * 1e-9);
        expect(max).toBeGreaterThanOrEqual(Math.max(0, ...values) - step * 1e-9);
        expect(ticks).toContain(0);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(7);
        if (whole) expect(Number.isInteger(step)).toBe(true);
      }),
    );
  });
});

test("heightOf is a share of the axis in percent", () => {
  const scale = scaleFor([-5, 10], false);
  expect(heightOf(scale.min, scale)).toBe(0);
  expect(heightOf(scale.max, scale)).toBe(100);
});
