/**
 * The engine for a page whose figures are already in its HTML: shows those at once, and loads the engine's code (a
 * sixth of the page's, with the reading of Ringside's answers) only when it is started.
 */
import type { LiveSnapshot } from "./live-state.ts";
import type { LiveUsage, LiveUsageOptions } from "./live-usage.ts";

type Load = () => Promise<{ createBrowserUsage(options: LiveUsageOptions): LiveUsage }>;

/** Code that does not arrive (a new release, a lost network) is `blocked`: such a page must be loaded again. */
export function createLateUsage(
  options: LiveUsageOptions,
  load: Load = () => import("./browser.ts"),
): LiveUsage {
  // What the engine itself begins with (see the test), without its state machine.
  const { customer, daily, loadedAt: updatedAt } = options;
  let snapshot: LiveSnapshot = {
    phase: "starting",
    reason: null,
    customer,
    daily,
    dailyReason: null,
    updatedAt,
    nextAt: null,
    counts: { mints: 0, polls: 0, usage: 0 },
  };
  let engine: LiveUsage | null = null;
  let asked = false;
  let started = false;
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listen of listeners) listen();
  };

  async function arrive(): Promise<void> {
    try {
      engine = (await load()).createBrowserUsage(options);
      engine.subscribe(tell);
      // Strict Mode and fast clicks stop what they have just started.
      if (started) engine.start();
    } catch {
      const blocked = { phase: "blocked", reason: "page_incomplete" } as const;
      snapshot = { ...snapshot, ...blocked };
      options.onEvent?.({ type: "usage:phase", detail: blocked });
      tell();
    }
  }

  return {
    start() {
      started = true;
      engine?.start();
      if (!asked) void arrive();
      asked = true;
    },
    stop() {
      started = false;
      engine?.stop();
    },
    snapshot: () => engine?.snapshot() ?? snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
