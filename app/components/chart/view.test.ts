import { describe, expect, test } from "vitest";
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
