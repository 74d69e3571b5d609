/** The engine in React: a provider that runs it, and a hook that selects from its snapshot. */
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { reuseIfEqual } from "./reuse-if-equal.ts";
import type { LiveUsage, LiveUsageOptions } from "./runtime.ts";
import type { LiveSnapshot } from "./state.ts";
import { announceSignIn } from "./tabs.ts";

/** `initial` is what the server rendered: a part of the page that hydrates late must still find it. */
const LiveUsageContext = createContext<{ engine: LiveUsage; initial: LiveSnapshot } | null>(null);

export type LiveUsageProviderProps = LiveUsageOptions & { children: ReactNode };

/**
 * Keeps the figures below it live while it is mounted. Until the first poll, and on the server, the snapshot is the
 * figures it was given. Another Customer gets another engine; other changes of the options wait for the next mount.
 * Every `UsageEvent` is dispatched on `window` as a CustomEvent of its name.
 */
export function LiveUsageProvider(props: LiveUsageProviderProps) {
  return <Engine key={props.customer.id} {...props} />;
}

function Engine({ children, ...options }: LiveUsageProviderProps) {
  // The engine outlives renders; its callbacks must be those of the last one.
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const [store] = useState(() => {
    const engine = createLazyUsage({
      ...options,
      onCustomerMissing: () => latest.current.onCustomerMissing?.(),
      onEvent(event) {
        latest.current.onEvent?.(event);
        window.dispatchEvent(new CustomEvent(event.type, { detail: event.detail }));
      },
    });
    return { engine, initial: engine.snapshot() };
  });
  const { engine, initial } = store;
  useEffect(() => {
    announceSignIn(initial.customer.id);
    engine.start();
    return engine.stop;
  }, [engine, initial]);
  return <LiveUsageContext.Provider value={store}>{children}</LiveUsageContext.Provider>;
}

/**
 * A part of the snapshot, e.g. `useLiveUsage((live) => live.customer.spendUsd)`. The component renders only when
 * that part changes: a poll that confirms the same figures changes `updatedAt`, `nextAt` and `counts` alone.
 * The selector may build plain objects and arrays; equal ones count as unchanged.
 */
export function useLiveUsage<T>(selector: (snapshot: LiveSnapshot) => T): T {
  const store = useContext(LiveUsageContext);
  if (!store) throw new Error("useLiveUsage needs a LiveUsageProvider above it");
  const last = useRef<T>();
  const select = (snapshot: LiveSnapshot) => {
    last.current = reuseIfEqual(last.current, selector(snapshot));
    return last.current;
  };
  return useSyncExternalStore(
    store.engine.subscribe,
    () => select(store.engine.snapshot()),
    () => select(store.initial),
  );
}

type LoadRuntime = () => Promise<{ createBrowserUsage(options: LiveUsageOptions): LiveUsage }>;

/**
 * The engine with its code loaded only when it is started: the page's figures are already in its HTML, and the
 * runtime is a sixth of the page's code. A chunk that does not arrive (new release, lost network) is `blocked`:
 * such a page has to be reloaded.
 */
export function createLazyUsage(
  options: LiveUsageOptions,
  load: LoadRuntime = () => import("./runtime.ts"),
): LiveUsage {
  // The runtime's own first snapshot (a test compares them), without its code.
  const { customer, daily, loadedAt: updatedAt } = options;
  let snapshot: LiveSnapshot = {
    phase: "starting",
    reason: null,
    customer,
    daily,
    dailyReason: null,
    updatedAt,
    serverAheadMs: 0,
    nextAt: null,
    counts: { mints: 0, polls: 0, usage: 0 },
  };
  let engine: LiveUsage | null = null;
  let requested = false;
  let started = false;
  const listeners = new Set<() => void>();
  const notify = () => {
    for (const listen of listeners) listen();
  };

  async function loadEngine(): Promise<void> {
    try {
      engine = (await load()).createBrowserUsage(options);
      engine.subscribe(notify);
      // Strict Mode and fast navigation stop the engine before its code arrives.
      if (started) engine.start();
    } catch {
      const blocked = { phase: "blocked", reason: "page_incomplete" } as const;
      snapshot = { ...snapshot, ...blocked };
      options.onEvent?.({ type: "usage:phase", detail: blocked });
      notify();
    }
  }

  return {
    start() {
      started = true;
      engine?.start();
      if (!requested) void loadEngine();
      requested = true;
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
