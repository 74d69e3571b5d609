import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csvOf, usageCsv } from "./csv-export.tsx";
import { heightOf, scaleFor } from "./scale.ts";
import { daysIn, searchFor, viewOf } from "./view.ts";

describe("viewOf", () => {
  test("is 30 days of spend unless the URL says otherwise", () => {
    expect(viewOf(new URLSearchParams())).toEqual({ range: "30d", metric: "spend" });
    expect(viewOf(new URLSearchParams("range=7d&metric=requests"))).toEqual({
      range: "7d",
      metric: "requests",
    });
  });

  test("takes nothing that it does not know", () => {
    expect(viewOf(new URLSearchParams("range=__proto__&metric=%3Cscript%3E"))).toEqual({
      range: "30d",
      metric: "spend",
    });
  });

  test("survives the way through the URL", () => {
    const view = { range: "mtd", metric: "requests" } as const;
    expect(viewOf(new URLSearchParams(searchFor(view)))).toEqual(view);
  });

  test("leaves the parameters of others alone", () => {
    const search = new URLSearchParams("debug&range=7d");
    expect(searchFor({ range: "mtd", metric: "spend" }, search)).toBe("?debug=&range=mtd&metric=spend");
    expect(search.get("range")).toBe("7d");
  });
});

describe("daysIn", () => {
  const known = { date: "2026-11-02", spendUsd: 3, requestCount: 7 };

  test.each([
    ["7d", 7, "2026-10-29"],
    ["30d", 30, "2026-10-06"],
    ["90d", 90, "2026-08-07"],
    ["mtd", 4, "2026-11-01"],
  ] as const)("%s is %i days from %s to today", (range, count, first) => {
    const days = daysIn(range, [known], "2026-11-04");
    expect(days).toHaveLength(count);
    expect(days[0]?.date).toBe(first);
    expect(days.at(-1)?.date).toBe("2026-11-04");
    expect(days).toContain(known);
  });

  test("the month's first day is a span of one day", () => {
    expect(daysIn("mtd", [], "2026-11-01")).toEqual([{ date: "2026-11-01", spendUsd: 0, requestCount: 0 }]);
  });
});

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

describe("csvOf", () => {
  test("separates with commas and ends every line with CRLF", () => {
    expect(
      csvOf([
        ["a", "b"],
        [1, 2],
      ]),
    ).toBe("a,b\r\n1,2\r\n");
  });

  test("quotes commas, quotes and line breaks", () => {
    expect(csvOf([["a,b", 'say "hi"', "two\nlines"]])).toBe('"a,b","say ""hi""","two\nlines"\r\n');
  });

  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("https://evil.test")'])(
    "makes %j text that no spreadsheet runs",
    (formula) => {
      expect(csvOf([[formula]])).toMatch(/^"?'/);
    },
  );

  test("leaves numbers alone, negative ones too, and never writes an exponent or binary dust", () => {
    expect(csvOf([[-3.5, 0.1 + 0.2, 4.2e-8, 1e15, 0, -0]])).toBe(
      "-3.5,0.3,0.000000042,1000000000000000,0,0\r\n",
    );
  });
});

test("usageCsv has a line per day with plain figures", () => {
  expect(
    usageCsv([
      { date: "2026-11-23", spendUsd: 9.54, requestCount: 496 },
      { date: "2026-11-24", spendUsd: -0.000042, requestCount: 3 },
    ]),
  ).toBe("date_utc,spend_usd,requests\r\n2026-11-23,9.54,496\r\n2026-11-24,-0.000042,3\r\n");
});
