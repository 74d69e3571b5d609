// @vitest-environment happy-dom
import { act, cleanup, render, screen } from "@testing-library/react";
import type { ComponentType } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Customer, DailyUsage } from "#app/ringside/contract.ts";
import { DashboardPage } from "./dashboard-page.tsx";
import { inRouter, settings } from "./testing.tsx";
// Imported up front: the fake timers of these tests would not wait for the dynamic import to load it.
import "#app/usage/runtime.ts";

const now = Date.parse("2026-11-24T12:00:00Z");
let polls = 0;

// What a poll renders is recorded where the page uses these components.
const recorded = vi.hoisted((): string[] => []);
function record<Props extends object>(Component: ComponentType<Props>, nameOf: (props: Props) => string) {
  return (props: Props) => {
    recorded.push(nameOf(props));
    return <Component {...props} />;
  };
}
vi.mock("./figures.tsx", async (original) => {
  const figures = await original<typeof import("./figures.tsx")>();
  return {
    ...figures,
    SpendFigure: record(figures.SpendFigure, () => "spend"),
    RequestsFigure: record(figures.RequestsFigure, () => "requests"),
    AverageFigure: record(figures.AverageFigure, () => "average"),
    MonthEndFigure: record(figures.MonthEndFigure, () => "month_end"),
  };
});
vi.mock("./status.tsx", async (original) => {
  const status = await original<typeof import("./status.tsx")>();
  return { ...status, Phase: record(status.Phase, ({ phase }) => `phase ${phase}`) };
});
vi.mock("./chart/chart.tsx", () => ({
  Chart() {
    recorded.push("chart");
    return null;
  },
}));

/** What Ringside answers from now on. */
let ringside: { spend_usd_mtd: number; request_count_mtd: number; budgets?: object[]; status?: number };
const usage = Array.from({ length: 20 }, (_, index) => ({
  date: `2026-11-${String(index + 5).padStart(2, "0")}`,
  spend_usd: 4,
  request_count: 10,
}));

beforeEach(() => {
  vi.useFakeTimers({ now });
  ringside = { spend_usd_mtd: 80, request_count_mtd: 200 };
  vi.stubGlobal("fetch", async (input: string | URL | Request) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input, "http://localhost");
    if (pathname === "/api/mint-client-token")
      return Response.json({ token: "t", expires_at: now / 1_000 + 3_600 });
    if (pathname === "/v1/usage") return Response.json(usage);
    polls++;
    const { status = 200, ...row } = ringside;
    return Response.json({ id: "cus_42", ...row }, { status });
  });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const daily: DailyUsage[] = usage.map((row) => ({
  date: row.date,
  spendUsd: row.spend_usd,
  requestCount: row.request_count,
}));

function dashboard(customer: Partial<Customer> = {}, days: DailyUsage[] | null = daily) {
  return inRouter(
    <DashboardPage
      customer={{ id: "cus_42", spendUsd: 80, requestCount: 200, budgets: [], walletUsd: null, ...customer }}
      daily={days}
      loadedAt={now}
      user={{ name: "Ada" }}
      settings={settings}
    />,
  ).page;
}

const seconds = (count: number) => act(() => vi.advanceTimersByTimeAsync(count * 1_000));
/** What one poll renders, once the first ones are over and Ringside's answer has changed. */
async function renderedBy(change: Partial<typeof ringside>): Promise<string[]> {
  render(dashboard());
  await seconds(6);
  Object.assign(ringside, change);
  recorded.length = 0;
  const before = polls;
  await seconds(5);
  expect(polls).toBe(before + 1);
  return [...new Set(recorded)].sort();
}

describe("a poll", () => {
  test("that changes nothing renders none of the figures", async () => {
    expect(await renderedBy({})).toEqual([]);
    expect(screen.getByText(/updated/)).toBeTruthy();
  });

  test("that changes the spend renders what shows spend, and not the chart", async () => {
    expect(await renderedBy({ spend_usd_mtd: 81 })).toEqual(["average", "month_end", "spend"]);
    expect(screen.getByText("$81.00")).toBeTruthy();
  });

  test("that changes the requests renders what shows requests", async () => {
    expect(await renderedBy({ request_count_mtd: 201 })).toEqual(["average", "requests"]);
    expect(screen.getByText("201")).toBeTruthy();
  });

  test("that fails changes the state and keeps every figure", async () => {
    expect(await renderedBy({ status: 503 })).toEqual(["phase reconnecting"]);
    expect(screen.getByRole("status").textContent).toBe("Reconnecting");
    expect(screen.getByText("$80.00")).toBeTruthy();
  });
});

describe("the page", () => {
  test("has the figures in its HTML, and hydrates without a difference", async () => {
    const html = renderToString(dashboard());
    expect(html).toContain("$80.00");
    // "useLayoutEffect does nothing on the server": the router takes this place, which has a document, for a browser.
    vi.mocked(console.error).mockClear();
    const container = document.createElement("div");
    container.innerHTML = html;
    const recovered: unknown[] = [];
    const root = await act(async () =>
      hydrateRoot(container, dashboard(), { onRecoverableError: (error) => recovered.push(error) }),
    );
    expect(recovered).toEqual([]);
    await act(async () => root.unmount());
  });

  test("shows how to make the first request while there is none, and the chart after it", async () => {
    ringside = { spend_usd_mtd: 0, request_count_mtd: 0 };
    render(dashboard({ spendUsd: 0, requestCount: 0 }, []));
    expect(screen.getByText("FC-Customer: cus_42")).toBeTruthy();
    expect(screen.queryByRole("heading", { name: "Daily spend" })).toBeNull();
    ringside = { spend_usd_mtd: 0.01, request_count_mtd: 1 };
    await seconds(6);
    expect(screen.queryByText("FC-Customer: cus_42")).toBeNull();
    expect(screen.getByRole("heading", { name: "Daily spend" })).toBeTruthy();
  });

  test("shows the chart to a user with older usage and none this month", () => {
    render(dashboard({ spendUsd: 0, requestCount: 0 }));
    expect(screen.getByRole("heading", { name: "Daily spend" })).toBeTruthy();
  });

  test("shows budgets and a wallet only to those who have them", () => {
    const { unmount } = render(dashboard());
    expect(screen.queryByRole("heading", { name: "Budgets" })).toBeNull();
    expect(screen.queryByRole("heading", { name: "Wallet" })).toBeNull();
    unmount();
    const budget = { label: "Monthly budget", limitUsd: 100, spentUsd: 80, period: "month" };
    render(dashboard({ budgets: [budget], walletUsd: 12 }));
    expect(
      screen.getByText(/80% used, \$20\.00 left\. At this pace, you’ll reach the limit around Nov 29/),
    ).toBeTruthy();
    expect(screen.getByText("$12.00")).toBeTruthy();
  });

  test("measures a day's and a week's budget with the daily figures of that period", () => {
    const limit = { limitUsd: 20, spentUsd: null };
    const budgets = ["day", "7d", "year"].map((period) => ({ ...limit, label: period, period }));
    const { unmount } = render(dashboard({ budgets }));
    const { spendUsd } = daily.at(-1) as DailyUsage;
    const week = daily.slice(-7).reduce((sum, day) => sum + day.spendUsd, 0);
    const row = (label: string) =>
      screen.getByRole("heading", { name: label }).parentElement?.parentElement?.textContent;
    expect(row("day")).toContain(`$${spendUsd.toFixed(2)} of $20.00`);
    expect(row("day")).toContain("Resets Nov 25, 00:00 UTC");
    expect(row("7d")).toContain(`$${week.toFixed(2)} of $20.00`);
    expect(row("year")).toContain("$20.00 limit");
    unmount();
    render(dashboard({ budgets }, null));
    expect(row("day")).toContain("$20.00 limit");
  });
});
