import { describe, expect, test } from "vitest";
import { csvOf, usageCsv } from "./csv.ts";

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
