import { describe, expect, test, vi } from "vitest";
import { createBrowserUsage } from "./browser.ts";
import { createLateUsage } from "./late-usage.ts";
import type { LiveUsage, LiveUsageOptions } from "./live-usage.ts";

const options: LiveUsageOptions = {
  ringsideUrl: "https://ringside.test/v1",
  pollIntervalMs: 5_000,
  customer: { id: "cus_1", spendUsd: 1, requestCount: 10, budgets: [], walletUsd: null },
  daily: null,
  loadedAt: 0,
};

/** An engine that says whether it runs, and whose code arrives when the test says so. */
function arranged() {
  let settle = { arrive: () => {}, fail: () => {} };
  const load = vi.fn(
    () =>
      new Promise<{ createBrowserUsage(): LiveUsage }>((resolve, reject) => {
        settle = {
          arrive: () => resolve({ createBrowserUsage: () => engine }),
          fail: () => reject(new TypeError("Failed to fetch dynamically imported module")),
        };
      }),
  );
  const calls: string[] = [];
  let listen = () => {};
  let snapshot = { ...createLateUsage(options).snapshot(), updatedAt: 7 };
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
  const late = createLateUsage({ ...options, onEvent }, load);
  const heard = vi.fn();
  late.subscribe(heard);
  return {
    ...{ late, load, calls, heard, onEvent },
    arrive: () => settle.arrive(),
    fail: () => settle.fail(),
    poll() {
      snapshot = { ...snapshot, updatedAt: 8 };
      listen();
    },
  };
}

describe("late usage", () => {
  test("shows the page's figures and loads nothing before it is started", () => {
    const { late, load } = arranged();
    const engine = createBrowserUsage(options);
    expect(late.snapshot()).toEqual(engine.snapshot());
    expect(late.snapshot()).toBe(late.snapshot());
    expect(load).not.toHaveBeenCalled();
  });

  test("starts the engine when its code is here, and passes on what it tells", async () => {
    const { late, calls, heard, arrive, poll } = arranged();
    late.start();
    expect(calls).toEqual([]);
    arrive();
    await vi.waitFor(() => expect(calls).toEqual(["start"]));
    poll();
    expect(heard).toHaveBeenCalledOnce();
    expect(late.snapshot().updatedAt).toBe(8);
  });

  test("an engine whose code comes after the stop is not started; the next start starts it", async () => {
    const { late, load, calls, arrive } = arranged();
    late.start();
    late.stop();
    arrive();
    await vi.waitFor(() => expect(late.snapshot().updatedAt).toBe(7));
    expect(calls).toEqual([]);
    late.start();
    expect(calls).toEqual(["start"]);
    expect(load).toHaveBeenCalledOnce();
  });

  test("code that does not arrive is told as a page to load again; the figures stay", async () => {
    const { late, heard, onEvent, fail } = arranged();
    late.start();
    fail();
    await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce());
    const told = { phase: "blocked", reason: "page_incomplete" };
    expect(late.snapshot()).toMatchObject({ ...told, customer: options.customer });
    expect(onEvent).toHaveBeenCalledExactlyOnceWith({ type: "usage:phase", detail: told });
  });
});
