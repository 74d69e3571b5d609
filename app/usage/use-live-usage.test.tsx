// @vitest-environment happy-dom
import { act, cleanup, render, screen } from "@testing-library/react";
import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
// Imported up front: the fake timers of these tests would not wait for the dynamic import to load it.
import { createBrowserUsage, type LiveUsage } from "./runtime.ts";
import { createLazyUsage, LiveUsageProvider, useLiveUsage } from "./use-live-usage.tsx";

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

  test("another Customer gets another engine", async () => {
    const { rerender } = render(page());
    await pass(1_000);
    rerender(page({ customer: { ...options.customer, id: "cus_2", spendUsd: 7 } }));
    expect(screen.getByText("spend 7")).toBeTruthy();
    fetched = [];
    await pass(10_000);
    expect(fetched.filter((url) => url.endsWith("cus_1"))).toEqual([]);
    expect(fetched.filter((url) => url.endsWith("cus_2")).length).toBeGreaterThan(0);
  });

  test("dispatches its events on window, without a token", async () => {
    const events: [string, unknown][] = [];
    for (const type of ["usage:phase", "usage:figures", "usage:mint", "usage:poll"])
      window.addEventListener(type, (event) => events.push([type, (event as CustomEvent).detail]), {
        once: true,
      });
    spend = 3;
    render(page());
    await pass(1_000);
    expect(Object.fromEntries(events)).toMatchObject({
      "usage:phase": { phase: "live", reason: null },
      "usage:figures": { customer: { spendUsd: 3 } },
      "usage:mint": { outcome: "ok" },
      "usage:poll": { outcome: "ok" },
    });
    expect(JSON.stringify(events)).not.toContain('"t"');
  });

  test("throws an error that names the missing provider", () => {
    expect(() => render(<Spend />)).toThrow("LiveUsageProvider");
    vi.mocked(console.error).mockClear();
  });
});

/** An engine that records its calls, and whose code delivers when the test says so. */
function lazyEngine() {
  let settle = { deliver: () => {}, fail: () => {} };
  const load = vi.fn(
    () =>
      new Promise<{ createBrowserUsage(): LiveUsage }>((resolve, reject) => {
        settle = {
          deliver: () => resolve({ createBrowserUsage: () => engine }),
          fail: () => reject(new TypeError("Failed to fetch dynamically imported module")),
        };
      }),
  );
  const calls: string[] = [];
  let listen = () => {};
  let snapshot = { ...createLazyUsage(options).snapshot(), updatedAt: 7 };
  const engine: LiveUsage = {
    start: () => calls.push("start"),
    stop: () => calls.push("stop"),
    snapshot: () => snapshot,
    subscribe(listener) {
      listen = listener;
      return () => {};
    },
  };
  const onEvent = vi.fn();
  const usage = createLazyUsage({ ...options, onEvent }, load);
  const notified = vi.fn();
  usage.subscribe(notified);
  return {
    ...{ usage, load, calls, notified, onEvent },
    deliver: () => settle.deliver(),
    fail: () => settle.fail(),
    poll() {
      snapshot = { ...snapshot, updatedAt: 8 };
      listen();
    },
  };
}

describe("createLazyUsage", () => {
  test("shows the page's figures, and loads no code before it is started", () => {
    const { usage, load } = lazyEngine();
    const engine = createBrowserUsage(options);
    expect(usage.snapshot()).toEqual(engine.snapshot());
    expect(usage.snapshot()).toBe(usage.snapshot());
    expect(load).not.toHaveBeenCalled();
  });

  test("starts the engine when its code arrives, and passes its changes on", async () => {
    const { usage, calls, notified, deliver, poll } = lazyEngine();
    usage.start();
    expect(calls).toEqual([]);
    deliver();
    await vi.waitFor(() => expect(calls).toEqual(["start"]));
    poll();
    expect(notified).toHaveBeenCalledOnce();
    expect(usage.snapshot().updatedAt).toBe(8);
  });

  test("an engine whose code arrives after the stop is not started until the next start", async () => {
    const { usage, load, calls, deliver } = lazyEngine();
    usage.start();
    usage.stop();
    deliver();
    await vi.waitFor(() => expect(usage.snapshot().updatedAt).toBe(7));
    expect(calls).toEqual([]);
    usage.start();
    expect(calls).toEqual(["start"]);
    expect(load).toHaveBeenCalledOnce();
  });

  test("code that fails to load is reported as an incomplete page, and the figures stay", async () => {
    const { usage, notified, onEvent, fail } = lazyEngine();
    usage.start();
    fail();
    await vi.waitFor(() => expect(notified).toHaveBeenCalledOnce());
    const told = { phase: "blocked", reason: "page_incomplete" };
    expect(usage.snapshot()).toMatchObject({ ...told, customer: options.customer });
    expect(onEvent).toHaveBeenCalledExactlyOnceWith({ type: "usage:phase", detail: told });
  });
});
