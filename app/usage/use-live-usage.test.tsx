// @vitest-environment happy-dom
import { act, cleanup, render, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LiveUsageProvider, useLiveUsage } from "./use-live-usage.tsx";
// Ahead of its use: the time that passes in these tests is that of fake timers, which no file waits for.
import "./browser.ts";

const options = {
  ringsideUrl: "https://ringside.test/v1",
  pollIntervalMs: 5_000,
  customer: { id: "cus_1", spendUsd: 1, requestCount: 10, budgets: [], walletUsd: null },
  daily: null,
  loadedAt: Date.UTC(2026, 10, 23, 12),
};

let spend: number;
let fetched: string[];

beforeEach(() => {
  vi.useFakeTimers({ now: options.loadedAt });
  spend = 1;
  fetched = [];
  vi.stubGlobal("fetch", async (url: string) => {
    fetched.push(url);
    if (url.includes("mint"))
      return Response.json({ token: "t", expires_at: Math.floor(Date.now() / 1000) + 300 });
    if (url.includes("usage")) return Response.json([]);
    return Response.json({ id: "cus_1", spend_usd_mtd: spend, request_count_mtd: 10 });
  });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

let renders: Record<string, number>;
const counted = (name: string) => {
  renders[name] = (renders[name] ?? 0) + 1;
};

function Spend() {
  counted("spend");
  return <p>spend {useLiveUsage((live) => live.customer.spendUsd)}</p>;
}
function Requests() {
  counted("requests");
  return <p>requests {useLiveUsage((live) => live.customer.requestCount)}</p>;
}
function State() {
  counted("state");
  const { phase, reason } = useLiveUsage((live) => ({ phase: live.phase, reason: live.reason }));
  return (
    <p>
      phase {phase} {reason}
    </p>
  );
}
const page = (props: Partial<typeof options> = {}) => (
  <LiveUsageProvider {...options} {...props}>
    <Spend />
    <Requests />
    <State />
  </LiveUsageProvider>
);

beforeEach(() => {
  renders = {};
});

describe("useLiveUsage", () => {
  test("the server renders the loader's figures, and the browser takes them over as they are", async () => {
    const container = document.body.appendChild(document.createElement("div"));
    container.innerHTML = renderToString(page());
    expect(container.textContent).toBe("spend 1requests 10phase starting ");
    render(page(), { container, hydrate: true });
    await pass(100);
    expect(screen.getByText(/phase/).textContent).toBe("phase live ");
  });

  test("a poll that changes nothing renders nothing; one that changes a figure renders what shows it", async () => {
    render(page());
    await pass(1_000);
    const before = { ...renders };
    await pass(30_000);
    expect(fetched.filter((url) => url.endsWith("cus_1")).length).toBeGreaterThanOrEqual(6);
    expect(renders).toEqual(before);
    spend = 2;
    await pass(6_000);
    expect(screen.getByText("spend 2")).toBeTruthy();
    expect(renders).toEqual({ ...before, spend: before["spend"]! + 1 });
  });

  test("Strict Mode's double mount mints once, and unmounting leaves no timer", async () => {
    const { unmount } = render(<StrictMode>{page()}</StrictMode>);
    await pass(1_000);
    expect(fetched.filter((url) => url.includes("mint"))).toHaveLength(1);
    unmount();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("another Customer is another engine", async () => {
    const { rerender } = render(page());
    await pass(1_000);
    rerender(page({ customer: { ...options.customer, id: "cus_2", spendUsd: 7 } }));
    expect(screen.getByText("spend 7")).toBeTruthy();
    fetched = [];
    await pass(10_000);
    expect(fetched.filter((url) => url.endsWith("cus_1"))).toEqual([]);
    expect(fetched.filter((url) => url.endsWith("cus_2")).length).toBeGreaterThan(0);
  });

  test("tells window what happens, and no token with it", async () => {
    const heard: [string, unknown][] = [];
    for (const type of ["usage:phase", "usage:figures", "usage:mint", "usage:poll"])
      window.addEventListener(type, (event) => heard.push([type, (event as CustomEvent).detail]), {
        once: true,
      });
    spend = 3;
    render(page());
    await pass(1_000);
    expect(Object.fromEntries(heard)).toMatchObject({
      "usage:phase": { phase: "live", reason: null },
      "usage:figures": { customer: { spendUsd: 3 } },
      "usage:mint": { outcome: "ok" },
      "usage:poll": { outcome: "ok" },
    });
    expect(JSON.stringify(heard)).not.toContain('"t"');
  });

  test("says what is missing when there is no provider", () => {
    expect(() => render(<Spend />)).toThrow("LiveUsageProvider");
    vi.mocked(console.error).mockClear();
  });
});
