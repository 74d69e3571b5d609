// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DashboardPage } from "./dashboard-page.tsx";
import { inRouter, settings } from "./testing.tsx";
// Imported up front: the fake timers of these tests would not wait for the dynamic import to load it.
import "#app/usage/runtime.ts";

// Recharts measures a width that there is none of here, and warns.
vi.mock("./chart/chart.tsx", () => ({ Chart: () => null }));

const now = Date.parse("2026-11-24T12:00:00Z");
let status = 200;
let body: object;

beforeEach(() => {
  vi.useFakeTimers({ now });
  status = 200;
  body = { id: "cus_42", spend_usd_mtd: 1, request_count_mtd: 2 };
  vi.stubGlobal("fetch", async (input: string) => {
    const { pathname } = new URL(input, "http://localhost");
    if (pathname === "/api/mint-client-token")
      return Response.json({ token: "t", expires_at: now / 1_000 + 3_600 });
    if (pathname === "/v1/usage") return Response.json([]);
    return Response.json(body, { status });
  });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const dashboardAt = (url: string) =>
  inRouter(
    <DashboardPage
      customer={{ id: "cus_42", spendUsd: 1, requestCount: 2, budgets: [], walletUsd: null }}
      daily={[]}
      loadedAt={now}
      user={{ name: "Ada" }}
      settings={settings}
    />,
    url,
  );

async function open(url: string) {
  const { router, page } = dashboardAt(url);
  render(page);
  await act(() => vi.dynamicImportSettled());
  await seconds(1);
  return router;
}
const seconds = (count: number) => act(() => vi.advanceTimersByTimeAsync(count * 1_000));
const panel = () => screen.queryByRole("region", { name: "Live updates in detail" });
const value = (name: string) => within(panel() as HTMLElement).getByText(name).nextSibling?.textContent;

describe("the debug panel", () => {
  test("is shown with ?debug in the address, and not without", async () => {
    await open("/dashboard?range=7d");
    expect(panel()).toBeNull();
    cleanup();
    await open("/dashboard?range=7d&debug");
    expect(panel()).not.toBeNull();
  });

  test("is not in the HTML of the server", () => {
    expect(renderToString(dashboardAt("/dashboard?debug").page)).not.toContain("Live updates in detail");
    // "useLayoutEffect does nothing on the server": the router takes this place, which has a document, for a browser.
    vi.mocked(console.error).mockClear();
  });

  test("shows the last requests, the state and the next poll", async () => {
    await open("/dashboard?debug");
    expect(value("State")).toBe("live");
    expect(value("Reason")).toBe("–");
    expect(value("Daily figures")).toBe("fresh");
    expect(value("Last mint")).toBe("ok at 12:00:00 UTC");
    expect(value("Last poll")).toBe("ok at 12:00:00 UTC");
    expect(value("Next poll")).toMatch(/in [45] s/);
    expect(value("Since the page was opened")).toBe("polls 1, mints 1, daily figures 1");
  });

  test("names the reason of a failure by its code", async () => {
    await open("/dashboard?debug");
    status = 503;
    await seconds(6);
    expect(value("State")).toBe("reconnecting");
    expect(value("Reason")).toBe("ringside_unavailable");
    expect(value("Last poll")).toMatch(/^unavailable at 12:00:0\d UTC$/);
    expect(value("Figures confirmed")).toBe("12:00:00 UTC");
  });

  test("tells the operator which APP_ORIGIN a refused page needs", async () => {
    await open("/dashboard?debug");
    status = 403;
    body = { error: { code: "origin_not_allowed" } };
    await seconds(6);
    expect(value("Page origin")).toBe(`${window.location.origin} (set APP_ORIGIN to exactly this)`);
  });

  test("stays when another range is chosen, and the range stays beside it", async () => {
    const router = await open("/dashboard?debug&range=90d&metric=spend");
    fireEvent.click(screen.getByRole("link", { name: "7 days" }));
    await seconds(0);
    expect(new URLSearchParams(router.state.location.search).has("debug")).toBe(true);
    expect(new URLSearchParams(router.state.location.search).get("range")).toBe("7d");
    expect(panel()).not.toBeNull();
  });
});
