/** The engine's runtime: carries out the commands of the rules, and tells subscribers what changed. */
import { createRingsideClient } from "#app/ringside/browser-client.ts";
import type { Network } from "#app/ringside/http.ts";
import { mintClientToken } from "./client-token.ts";
import { reduce } from "./rules.ts";
import {
  type Command,
  type Event,
  type Figures,
  initialState,
  type LiveSnapshot,
  type RequestCommand,
  snapshotOf,
} from "./state.ts";
import { joinTabs, type TabMessage, type Tabs } from "./tabs.ts";

export interface LiveUsageOptions extends Figures {
  /** Ringside's API base with its version, e.g. `https://api.fightclub.pro/v1`. */
  ringsideUrl: string;
  /** Our own mint; `/api/mint-client-token` by default. */
  mintUrl?: string;
  pollIntervalMs: number;
  /** Ringside does not know the Customer any more: load the page's data again. Called once until it is found. */
  onCustomerMissing?: () => void;
  onEvent?: (event: UsageEvent) => void;
}

/** A boolean of the browser that changes by itself. */
export interface Flag {
  get(): boolean;
  /** Calls back on every change until the returned function is called. */
  watch(onChange: () => void): () => void;
}

/** Everything outside the engine: the browser below, or a simulation in tests. */
export interface Environment extends Network {
  /** In [0, 1). */
  random(): number;
  visible: Flag;
  online: Flag;
  joinTabs(onMessage: (message: TabMessage) => void): Tabs;
}

/** For pages that embed the engine. `outcome` is the result's kind, e.g. `ok`, `unauthorized`, `timeout`. */
export type UsageEvent =
  | { type: "usage:phase"; detail: Pick<LiveSnapshot, "phase" | "reason"> }
  | { type: "usage:figures"; detail: Pick<LiveSnapshot, "customer" | "daily" | "updatedAt"> }
  | { type: "usage:mint" | "usage:poll"; detail: { outcome: string } };

export interface LiveUsage {
  /** May be called again after `stop`. */
  start(): void;
  /** Ends at once: nothing in flight, no timer, no token. */
  stop(): void;
  /** The same object until something changed; parts that did not change keep their identity. */
  snapshot(): LiveSnapshot;
  subscribe(listener: () => void): () => void;
}

export function createLiveUsage(options: LiveUsageOptions, environment: Environment): LiveUsage {
  const { customer, ringsideUrl, mintUrl = "/api/mint-client-token" } = options;
  let state = initialState(options, options.pollIntervalMs);
  let snapshot = snapshotOf(state, null);
  let cancelTimer = () => {};
  let unwatch: (() => void)[] = [];
  let tabs: Tabs | null = null;
  const inFlight = new Set<AbortController>();
  const listeners = new Set<() => void>();

  function dispatch(event: Event): void {
    const step = reduce(state, event, { now: environment.now(), random: environment.random() });
    const before = snapshot;
    state = step.state;
    snapshot = snapshotOf(state, before);
    // Before the listeners: one of them may stop the engine, and nothing may be sent after that.
    step.commands.forEach(run);
    for (const usageEvent of eventsOf(event, before, snapshot)) options.onEvent?.(usageEvent);
    if (snapshot !== before) for (const listen of listeners) listen();
  }

  function run(command: Command): void {
    if (command.type === "setTimer") {
      cancelTimer();
      cancelTimer = environment.after(command.ms, () => dispatch({ type: "timerFired" }));
    } else if (command.type === "abortAll") {
      cancelTimer();
      for (const request of inFlight) request.abort();
    } else if (command.type === "share") tabs?.tell(command.message);
    else if (command.type === "customerMissing") options.onCustomerMissing?.();
    else send(command);
  }

  async function send(command: RequestCommand): Promise<void> {
    const request = new AbortController();
    inFlight.add(request);
    const event = await perform(command, request.signal);
    inFlight.delete(request);
    // A reply that arrives after `abortAll` may be another user's.
    if (!request.signal.aborted) dispatch(event);
  }

  async function perform(command: RequestCommand, signal: AbortSignal): Promise<Event> {
    if (command.type === "mint") {
      const result = await mintClientToken(environment, mintUrl, customer.id, signal);
      return { type: "mintFinished", result };
    }
    // Created here and not above: on the server, which never sends, Remix leaves `.client` modules empty.
    const ringside = createRingsideClient(environment, ringsideUrl);
    const { token } = command;
    if (command.type === "poll")
      return { type: "pollFinished", token, result: await ringside.getCustomer(customer.id, token, signal) };
    return { type: "dailyFinished", result: await ringside.getDailyUsage(command.since, token, signal) };
  }

  return {
    start() {
      if (tabs) return;
      const { visible, online } = environment;
      tabs = environment.joinTabs((message) => dispatch({ type: "tabMessage", message }));
      const report = (type: "start" | "visibilityChanged") =>
        dispatch({ type, visible: visible.get(), online: online.get() });
      const changed = () => report("visibilityChanged");
      unwatch = [visible.watch(changed), online.watch(changed)];
      report("start");
    },
    stop() {
      for (const end of unwatch) end();
      tabs?.leave();
      tabs = null;
      dispatch({ type: "stop" });
    },
    snapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function eventsOf(event: Event, before: LiveSnapshot, after: LiveSnapshot): UsageEvent[] {
  const { phase, reason, customer, daily, updatedAt } = after;
  const events: UsageEvent[] = [];
  if (event.type === "mintFinished")
    events.push({ type: "usage:mint", detail: { outcome: event.result.kind } });
  if (event.type === "pollFinished")
    events.push({ type: "usage:poll", detail: { outcome: event.result.kind } });
  if (customer !== before.customer || daily !== before.daily)
    events.push({ type: "usage:figures", detail: { customer, daily, updatedAt } });
  if (phase !== before.phase || reason !== before.reason)
    events.push({ type: "usage:phase", detail: { phase, reason } });
  return events;
}

const visible: Flag = {
  get: () => document.visibilityState === "visible",
  watch(onChange) {
    document.addEventListener("visibilitychange", onChange);
    return () => document.removeEventListener("visibilitychange", onChange);
  },
};

const online: Flag = {
  get: () => navigator.onLine,
  watch(onChange) {
    window.addEventListener("online", onChange);
    window.addEventListener("offline", onChange);
    return () => {
      window.removeEventListener("online", onChange);
      window.removeEventListener("offline", onChange);
    };
  },
};

// Each call looks its global up again: fake timers and a patched fetch could not replace a captured one.
const browser: Environment = {
  fetch: (url, init) => fetch(url, init),
  now: () => Date.now(),
  random: () => Math.random(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  visible,
  online,
  joinTabs,
};

/** The engine in a browser. Does not touch the DOM before it is started. */
export const createBrowserUsage = (options: LiveUsageOptions): LiveUsage => createLiveUsage(options, browser);
