import { describe, expect, test } from "vitest";
import { formatFor } from "./format.tsx";

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
