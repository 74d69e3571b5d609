/** React's side of the engine: it subscribes, and nothing more. */
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { kept } from "./kept.ts";
import { createLateUsage } from "./late-usage.ts";
import type { LiveSnapshot } from "./live-state.ts";
import type { LiveUsage, LiveUsageOptions } from "./live-usage.ts";
import { announceSignIn } from "./tabs.ts";

/** `initial` is what the server rendered: a part of the page that hydrates late must still find it. */
const LiveUsageContext = createContext<{ engine: LiveUsage; initial: LiveSnapshot } | null>(null);

export type LiveUsageProviderProps = LiveUsageOptions & { children: ReactNode };

/**
 * Keeps the figures below it live while it is mounted. Until the first poll, and on the server, the snapshot is the
 * figures it was given. Another Customer is another engine; other changes of the options wait for the next mount.
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
    const engine = createLateUsage({
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
    last.current = kept(last.current, selector(snapshot));
    return last.current;
  };
  return useSyncExternalStore(
    store.engine.subscribe,
    () => select(store.engine.snapshot()),
    () => select(store.initial),
  );
}
