// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { DailyUsage } from "#app/ringside/contract.ts";
import { FormatProvider } from "../format.tsx";
import { inRouter } from "../testing.tsx";
import { ChartCard } from "./chart-card.tsx";

// The line's chunk never arrives here: these tests are about what works without it.
const asked = vi.hoisted(() => vi.fn());
vi.mock("./line.tsx", () => {
  asked();
  throw new Error("no network");
});

let scrollNear: (isIntersecting: boolean) => void;
beforeEach(() => {
  asked.mockClear();
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(seen: (entries: { isIntersecting: boolean }[]) => void) {
        scrollNear = (isIntersecting) => act(() => seen([{ isIntersecting }]));
      }
      observe() {}
      disconnect() {}
    },
  );
});
afterEach(cleanup);

const daily: DailyUsage[] = [
  { date: "2026-11-20", spendUsd: 4.2, requestCount: 218 },
  { date: "2026-11-23", spendUsd: 9.54, requestCount: 1 },
  { date: "2026-11-24", spendUsd: 1.49, requestCount: 77 },
];

function show(url = "/dashboard", props: Partial<Parameters<typeof ChartCard>[0]> = {}) {
  const { router, page } = inRouter(
    <FormatProvider locale="en-US">
      <ChartCard daily={daily} dailyReason={null} today="2026-11-24" {...props} />
    </FormatProvider>,
    url,
  );
  render(page);
  return router;
}

const bars = () => within(screen.getByRole("img", { name: /daily/i })).getAllByTitle(/:/);

describe("the chart", () => {
  test("has a bar for each day of the range, with its amount in words", async () => {
    show("/dashboard?range=7d");
    expect(bars().map((bar) => bar.title)).toEqual([
      "Wed, Nov 18: $0.00",
      "Thu, Nov 19: $0.00",
      "Fri, Nov 20: $4.20",
      "Sat, Nov 21: $0.00",
      "Sun, Nov 22: $0.00",
      "Mon, Nov 23: $9.54",
      "Tue, Nov 24: $1.49",
    ]);
    expect(screen.getByText("$15.23 in the last 7 days")).toBeTruthy();
    // The line's code is asked for when it is about to be seen, and when it does not come, the bars stay.
    scrollNear(false);
    await vi.dynamicImportSettled();
    expect(asked).not.toHaveBeenCalled();
    scrollNear(true);
    await vi.dynamicImportSettled();
    expect(asked).toHaveBeenCalledOnce();
    expect(bars()).toHaveLength(7);
  });

  test("says that days are in UTC and that today is still in progress", () => {
    show();
    expect(screen.getByText(/days are in UTC.*today is still in progress/i)).toBeTruthy();
    expect(screen.getByText("Today")).toBeTruthy();
  });

  test("shows requests when asked for", () => {
    show("/dashboard?range=7d&metric=requests");
    expect(screen.getByRole("heading", { name: "Daily requests" })).toBeTruthy();
    expect(screen.getByText("296 requests in the last 7 days")).toBeTruthy();
    expect(bars()[5]?.title).toBe("Mon, Nov 23: 1 request");
  });

  test("puts the choice into the URL in place of the last one, and says which it is", () => {
    const router = show("/dashboard?range=90d&metric=requests");
    fireEvent.click(screen.getByRole("link", { name: "7 days" }));
    expect(router.state.location.search).toBe("?range=7d&metric=requests");
    expect(router.state.historyAction).toBe("REPLACE");
    const range = screen.getByRole("navigation", { name: "Time range" });
    expect(within(range).getByRole("link", { current: true }).textContent).toBe("7 days");
    expect(bars()).toHaveLength(7);
  });

  test("links that work without scripts carry the whole choice", () => {
    show("/dashboard?range=mtd");
    expect(screen.getByRole("link", { name: "Requests" }).getAttribute("href")).toBe(
      "/dashboard?range=mtd&metric=requests",
    );
  });

  test("says so when there is nothing in the span", () => {
    show("/dashboard", { daily: [] });
    expect(screen.getByText("No usage in this time range")).toBeTruthy();
  });
});

describe("the same figures elsewhere", () => {
  test("as a table, newest first", () => {
    show("/dashboard?range=7d");
    const rows = within(screen.getByRole("table", { hidden: true })).getAllByRole("row", { hidden: true });
    const texts = rows.map((row) => [...row.children].map((cell) => cell.textContent));
    expect(texts[0]).toEqual(["Day", "Spend", "Requests", "Average"]);
    expect(texts[1]).toEqual(["Tue, Nov 24 (so far)", "$1.49", "77", "$0.019"]);
    expect(texts[3]).toEqual(["Sun, Nov 22", "$0.00", "0", "–"]);
    expect(texts).toHaveLength(8);
  });

  test("as a file, oldest first", async () => {
    const made: Blob[] = [];
    vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
      made.push(blob as Blob);
      return "blob:test";
    });
    const saved = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      expect(this.download).toBe("usage-2026-11-18-to-2026-11-24.csv");
    });
    show("/dashboard?range=7d");
    fireEvent.click(screen.getByRole("button", { name: "Export CSV" }));
    expect(saved).toHaveBeenCalledOnce();
    const lines = (await made[0]?.text())?.split("\r\n");
    expect(lines?.slice(0, 2)).toEqual(["date_utc,spend_usd,requests", "2026-11-18,0,0"]);
    expect(lines?.at(-2)).toBe("2026-11-24,1.49,77");
  });
});

describe("without daily figures", () => {
  test("says that they are loading", () => {
    show("/dashboard", { daily: null });
    expect(screen.getByText("Loading daily figures")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Export CSV" })).toBeNull();
  });

  test("says why they are missing and that the totals are live", () => {
    show("/dashboard", { daily: null, dailyReason: "contract_violation" });
    expect(screen.getByText("Daily figures are unavailable")).toBeTruthy();
    expect(screen.getByText(/couldn’t be read.*totals are still live/i)).toBeTruthy();
  });

  test("keeps the last known ones and says that they are not current", () => {
    show("/dashboard", { dailyReason: "timeout" });
    expect(bars()).toHaveLength(30);
    expect(screen.getByText(/couldn’t be updated/)).toBeTruthy();
  });
});
