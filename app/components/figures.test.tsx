import { cleanup, render, screen } from "@testing-library/react";
import type { ReactElement } from "react";
import { afterEach, describe, expect, test } from "vitest";
import { AverageFigure, Method, MonthEndFigure, RequestsFigure, SpendFigure } from "./figures.tsx";
import { FormatProvider } from "./format.tsx";

// @vitest-environment happy-dom

afterEach(cleanup);

/** What the figure says, line by line. */
function linesOf(figure: ReactElement, locale = "en-US"): (string | null)[] {
  render(
    <FormatProvider locale={locale}>
      <dl>{figure}</dl>
    </FormatProvider>,
  );
  return [...screen.getAllByRole("term"), ...screen.getAllByRole("definition")].map(
    (line) => line.textContent,
  );
}

describe("spend", () => {
  test("shows sub-cents and the change on last month", () => {
    expect(linesOf(<SpendFigure spendUsd={128.4217} change={0.2} todayUsd={1.5} />)).toEqual([
      "Spend this month",
      "$128.4217",
      "20% more than this time last month",
    ]);
  });

  test.each([
    [-0.5, "50% less than this time last month"],
    [0.001, "Same as this time last month"],
    [null, "$1.50 today so far"],
  ])("a change of %s reads: %s", (change, note) => {
    expect(linesOf(<SpendFigure spendUsd={3} change={change} todayUsd={1.5} />)[2]).toBe(note);
  });

  test("follows the person's locale", () => {
    expect(linesOf(<SpendFigure spendUsd={1_234.5} change={null} todayUsd={null} />, "de-DE")[1]).toBe(
      "1.234,5000\u00a0$",
    );
  });
});

describe("requests", () => {
  test.each([
    [77, "77 today so far"],
    [null, "this month"],
  ])("with %s of today", (today, note) => {
    expect(linesOf(<RequestsFigure requestCount={6_342} today={today} />)).toEqual([
      "Requests",
      "6,342",
      note,
    ]);
  });
});

describe("average", () => {
  test("is the spend divided by the requests", () => {
    expect(linesOf(<AverageFigure spendUsd={3} requestCount={1_200} />)[1]).toBe("$0.0025");
  });

  test("is not a division by zero", () => {
    expect(linesOf(<AverageFigure spendUsd={0} requestCount={0} />).slice(1)).toEqual([
      "–",
      "No requests yet",
    ]);
  });
});

describe("the projected total", () => {
  test("comes with its range", () => {
    const end = { usd: 156.67, lowUsd: 146.13, highUsd: 167.19 };
    expect(linesOf(<MonthEndFigure end={end} />).slice(1)).toEqual(["$157", "Likely $146 to $167"]);
  });

  test("has no range when it would say nothing", () => {
    const end = { usd: 156.67, lowUsd: 156, highUsd: 157 };
    expect(linesOf(<MonthEndFigure end={end} />)[2]).toBe("");
    cleanup();
    expect(linesOf(<MonthEndFigure end={{ usd: 156.67, lowUsd: null, highUsd: null }} />)[2]).toBe("");
  });

  test("says when it is too early", () => {
    expect(linesOf(<MonthEndFigure end={null} />).slice(1)).toEqual(["–", "Available after 3 full days"]);
  });

  test("states its method in words", () => {
    const { rerender } = render(<Method basis="recent_days" days={9} />);
    expect(screen.getByText(/average of your last 9 full days.*80% range/)).toBeTruthy();
    rerender(<Method basis="month_average" days={12} />);
    expect(screen.getByText(/this month’s daily average.*No range/)).toBeTruthy();
  });
});
