import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import type { Budget } from "#app/ringside/contract.ts";
import type { SpendPace } from "#app/usage/forecast.ts";
import { BudgetRow } from "./budget.tsx";
import { Wallet } from "./wallet.tsx";

// @vitest-environment happy-dom

afterEach(cleanup);

const now = Date.parse("2026-11-24T12:00:00Z");
const pace: SpendPace = { perDayUsd: 4, basis: "recent_days", days: 14, deviationUsd: 1 };
const budget = (spentUsd: number, limitUsd: number, period = "month"): Budget => ({
  label: "Monthly budget",
  spentUsd,
  limitUsd,
  period,
});
const says = (words: RegExp | string) => expect(screen.getByText(words)).toBeTruthy();

describe("a budget", () => {
  test.each([
    [budget(40, 100), /^40% used, \$60\.00 left\. Lasts until the month ends at the present pace\.$/],
    [budget(90, 100), /^90% used, \$10\.00 left\. Runs out around Nov 27 at the present pace\.$/],
    [budget(0.0001, 100), /^Hardly used, \$100\.00 left\./],
    [budget(100, 100), "Used up. Calls are refused with 402 until the cap is raised."],
    [budget(118, 100), "Over budget by $18.00. Calls are refused with 402 until the cap is raised."],
    [budget(1, 0), "Over budget by $1.00. Calls are refused with 402 until the cap is raised."],
    [budget(-5, 100), /^Hardly used, \$105\.00 left\./],
  ])("of %j says what comes of it", (row, words) => {
    render(<BudgetRow budget={row} pace={pace} now={now} />);
    says(words);
  });

  test("gives no date for a period that it does not know, nor without a pace", () => {
    const { rerender } = render(<BudgetRow budget={budget(90, 100, "day")} pace={pace} now={now} />);
    says("90% used, $10.00 left.");
    rerender(<BudgetRow budget={budget(90, 100)} pace={null} now={now} />);
    says("90% used, $10.00 left.");
  });

  test("marks 80% and 100% on its bar", () => {
    render(<BudgetRow budget={budget(40, 100)} pace={pace} now={now} />);
    expect(screen.getByText("80%").style.left).toBe("80%");
    expect(screen.getByText("100%").style.left).toBe("100%");
  });

  test("moves both marks when the excess must be seen, but not for ever", () => {
    const { rerender } = render(<BudgetRow budget={budget(125, 100)} pace={pace} now={now} />);
    expect(screen.getByText("80%").style.left).toBe("64%");
    expect(screen.getByText("100%").style.left).toBe("80%");
    rerender(<BudgetRow budget={budget(2_000, 100)} pace={pace} now={now} />);
    expect(Number.parseFloat(screen.getByText("100%").style.left)).toBeCloseTo(66.67, 1);
  });
});

describe("a wallet", () => {
  test.each([
    [40, pace, "Lasts until around Dec 4, 2026 at the present pace."],
    [1e7, pace, "Lasts for more than a year at the present pace."],
    [40, null, "Each call is paid from it."],
    [0, pace, "Calls are refused with 402 until it is topped up."],
    [-2, null, "Calls are refused with 402 until it is topped up."],
  ])("of %d says how long it lasts", (balanceUsd, known, words) => {
    render(<Wallet balanceUsd={balanceUsd} pace={known} now={now} />);
    says(words);
  });
});
