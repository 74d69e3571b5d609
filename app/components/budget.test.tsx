import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, test } from "vitest";
import type { SpendPace } from "#app/usage/forecast.ts";
import { BudgetRow } from "./budget.tsx";
import { Wallet } from "./wallet.tsx";

// @vitest-environment happy-dom

afterEach(cleanup);

const now = Date.parse("2026-11-24T12:00:00Z");
const pace: SpendPace = { perDayUsd: 4, basis: "recent_days", days: 14, deviationUsd: 1 };
const budget = (spentUsd: number | null, limitUsd: number, monthly = true) => ({
  ...{ label: "Team", spentUsd, limitUsd, monthly },
  resetsOn: monthly ? "2026-12-01" : null,
  rollingDays: null,
});
const says = (words: RegExp | string) => expect(screen.getByText(words)).toBeTruthy();

describe("a budget", () => {
  test.each([
    [budget(40, 100), /^40% used, \$60\.00 left\. On track to stay within budget\.$/],
    [budget(90, 100), /^90% used, \$10\.00 left\. At this pace, you’ll reach the limit around Nov 27\.$/],
    [budget(0.0001, 100), /^Less than 1% used, \$100\.00 left\./],
    [budget(100, 100), "You’ve reached your limit. New requests may be blocked."],
    [budget(118, 100), "$18.00 over your limit. New requests may be blocked."],
    [budget(1, 0), "$1.00 over your limit. New requests may be blocked."],
    [budget(-5, 100), /^Less than 1% used, \$105\.00 left\./],
  ])("of %j says what is left and where it is heading", (row, words) => {
    render(<BudgetRow budget={row} pace={pace} now={now} />);
    says(words);
  });

  test("gives no outlook for a period other than the month, nor without a pace", () => {
    const { rerender } = render(<BudgetRow budget={budget(90, 100, false)} pace={pace} now={now} />);
    says("90% used, $10.00 left.");
    rerender(<BudgetRow budget={budget(90, 100)} pace={null} now={now} />);
    says("90% used, $10.00 left.");
  });

  test("shows the limit alone when the spend of its period is not known", () => {
    render(
      <BudgetRow budget={{ ...budget(null, 20, false), resetsOn: "2026-11-25" }} pace={pace} now={now} />,
    );
    says("$20.00 limit");
    says("Spend in this period isn’t available.");
    says("Resets Nov 25, 00:00 UTC");
    expect(screen.queryByText("80%")).toBeNull();
  });

  test("says which days a rolling period counts", () => {
    render(<BudgetRow budget={{ ...budget(1, 20, false), rollingDays: 7 }} pace={pace} now={now} />);
    says("Counts the last 7 days.");
  });

  test("marks 80% and 100% on its bar", () => {
    render(<BudgetRow budget={budget(40, 100)} pace={pace} now={now} />);
    expect(screen.getByText("80%").style.left).toBe("80%");
    expect(screen.getByText("100%").style.left).toBe("100%");
  });

  test("moves both marks to show the excess, up to a limit", () => {
    const { rerender } = render(<BudgetRow budget={budget(125, 100)} pace={pace} now={now} />);
    expect(screen.getByText("80%").style.left).toBe("64%");
    expect(screen.getByText("100%").style.left).toBe("80%");
    rerender(<BudgetRow budget={budget(2_000, 100)} pace={pace} now={now} />);
    expect(Number.parseFloat(screen.getByText("100%").style.left)).toBeCloseTo(66.67, 1);
  });
});

describe("a wallet", () => {
  test.each([
    [40, pace, "At this pace, your balance lasts until around Dec 4, 2026."],
    [1e7, pace, "At this pace, your balance lasts more than a year."],
    [40, null, "Requests are paid from this balance."],
    [0, pace, "Your balance is empty. New requests may be blocked."],
    [-2, null, "Your balance is empty. New requests may be blocked."],
  ])("of %d says how long it lasts", (balanceUsd, known, words) => {
    render(<Wallet balanceUsd={balanceUsd} pace={known} now={now} />);
    says(words);
  });
});
