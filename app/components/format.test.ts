import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatFor } from "./format.tsx";
import { moneyFormat } from "./money.ts";

describe("formatFor", () => {
  const us = formatFor("en-US");
  const de = formatFor("de-DE");

  test("writes days in the person's language, and the UTC day whatever the machine's zone", () => {
    expect(us.day("2026-11-01")).toBe("Nov 1");
    expect(us.weekday("2026-11-01")).toBe("Sun, Nov 1");
    expect(us.month("2026-11-01")).toBe("November 2026");
    expect(us.date("2027-07-15")).toBe("Jul 15, 2027");
    expect(de.weekday("2026-11-01")).toBe("So., 1. Nov.");
  });

  test("writes counts and percentages", () => {
    expect(us.count(1_234_567)).toBe("1,234,567");
    expect(us.shortCount(12_345)).toBe("12.3K");
    expect(us.percent(0.123)).toBe("12%");
    expect(us.percent(0.0042)).toBe("0.4%");
    expect(de.percent(0.8)).toBe("80\u00a0%");
  });

  test("keeps no more formatters than it must, however many languages are asked for", () => {
    for (let index = 0; index < 1_200; index++) formatFor(`en-x-a${index}`).count(index);
    expect(us.count(5)).toBe("5");
  });
});

const us = moneyFormat("en-US");
const de = moneyFormat("de-DE");

describe("amount", () => {
  test.each([
    [0, "$0.00"],
    [-0, "$0.00"],
    [0.5, "$0.50"],
    [12.345, "$12.35"],
    [1_234_567.891, "$1,234,567.89"],
    [2_500_000_000, "$2.5B"],
    [-3.1, "-$3.10"],
    [-0.0042, "-$0.0042"],
  ])("%d is %s", (usd, text) => {
    expect(us.amount(usd)).toBe(text);
  });

  test.each([
    [0.05, "$0.05"],
    [0.0042, "$0.0042"],
    [0.000042, "$0.000042"],
    [0.00000014, "$0.00000014"],
  ])("keeps two digits of a tiny amount that matter: %d is %s", (usd, text) => {
    expect(us.amount(usd)).toBe(text);
  });

  test("says of dust only that it is less", () => {
    expect(us.amount(1e-12)).toBe("<\u00a0$0.00000001");
    expect(us.amount(-1e-12)).toBe(">\u00a0-$0.00000001");
  });

  test("follows the locale, with spaces that every ICU writes alike", () => {
    expect(de.amount(1_234.5)).toBe("1.234,50\u00a0$");
    expect(moneyFormat("fr-FR").amount(1_234.5)).toBe("1\u00a0234,50\u00a0$US");
  });

  test("never shows something as nothing", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e15, noNaN: true }), fc.boolean(), (size, minus) => {
        expect(us.amount(minus ? -size : size)).toMatch(/[1-9]/);
      }),
    );
  });
});

describe("split", () => {
  test.each([
    [128.4217, { before: "$128.42", fine: "17", after: "" }],
    [-0.5, { before: "-$0.50", fine: "00", after: "" }],
    [9_999.99999, { before: "$10,000.00", fine: "00", after: "" }],
  ])("sets sub-cents of %d apart", (usd, parts) => {
    expect(us.split(usd)).toEqual(parts);
  });

  test("leaves what stands behind the digits behind them", () => {
    expect(de.split(128.4217)).toEqual({ before: "128,42", fine: "17", after: "\u00a0$" });
  });

  test("writes Arabic with Latin digits", () => {
    expect(moneyFormat("ar").split(128.4217)).toMatchObject({
      before: expect.stringContaining("128.42"),
      fine: "17",
    });
  });

  test.each([0, 0.0042, 10_000, 1e12])("has none for %d", (usd) => {
    expect(us.split(usd)).toEqual({ before: us.amount(usd), fine: "", after: "" });
  });

  test("together the parts are the amount to four decimals", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 9_999, noNaN: true }), (usd) => {
        const { before, fine, after } = us.split(usd);
        expect(Number((before + fine + after).replace(/[$,]/g, ""))).toBeCloseTo(usd, 3);
      }),
    );
  });
});

describe("rough", () => {
  test.each([
    [156.67, "$157"],
    [16_152_039, "$16,200,000"],
    [15.678, "$15.70"],
    [0.01923, "$0.019"],
    [0, "$0.00"],
    [-250.4, "-$250"],
  ])("%d is about %s", (usd, text) => {
    expect(us.rough(usd)).toBe(text);
  });
});

describe("tick", () => {
  test.each([
    [[0, 2.5, 5], 2.5, ["$0", "$2.50", "$5.00"]],
    [[0, 20], 20, ["$0", "$20"]],
    [[0, 0.25], 0.25, ["$0.00", "$0.25"]],
    [[0, 0.025], 0.025, ["$0.00", "$0.025"]],
    [[0, 0.000005, 0.00001], 0.000005, ["$0.00", "$0.000005", "$0.000010"]],
    [[0, 2_500], 2_500, ["$0", "$2.5K"]],
    [[-10, 0], 10, ["-$10", "$0"]],
  ])("marks %j, %d apart, are %j", (marks, step, texts) => {
    expect(marks.map((mark) => us.tick(mark, step))).toEqual(texts);
  });
});
