/** The live-usage engine: carries out what the reducer commands, and tells listeners what it came to. */
import { createRingsideClient } from "#app/ringside/api.client.ts";
import type { Network } from "#app/ringside/fetch-json.ts";
import { mintClientToken } from "./client-token.ts";
import type { Call, Command, Event, Figures } from "./live-machine.ts";
import type { LiveSnapshot } from "./live-state.ts";
import { reduce } from "./reducer.ts";
import { initialState, snapshotOf } from "./snapshot.ts";
import type { TabMessage, Tabs } from "./tabs.ts";

export interface LiveUsageOptions extends Figures {
  /** Ringside's API base with its version, e.g. `https://api.fightclub.pro/v1`. */
  ringsideUrl: string;
  /** Our own mint; `/api/mint-client-token` by default. */
  mintUrl?: string;
  pollIntervalMs: number;
  /** Ringside does not know the Customer any more: load the page's data again. Once until it is found. */
  onCustomerMissing?: () => void;
  onEvent?: (event: UsageEvent) => void;
}

/** A fact of the browser that changes by itself. */
export interface Flag {
  get(): boolean;
  /** Calls back on every change until what it returns is called. */
  watch(onChange: () => void): () => void;
}

/** All that the engine does not do itself. In a browser: browser.ts. In a test: whatever the test says. */
export interface Surroundings extends Network {
  /** In [0, 1). */
  random(): number;
  visible: Flag;
  online: Flag;
  joinTabs(onMessage: (message: TabMessage) => void): Tabs;
}

/** For whoever embeds the engine. `outcome` is the answer's kind, e.g. `ok`, `unauthorized`, `timeout`. */
export type UsageEvent =
  | { type: "usage:phase"; detail: Pick<LiveSnapshot, "phase" | "reason"> }
  | { type: "usage:figures"; detail: Pick<LiveSnapshot, "customer" | "daily" | "updatedAt"> }
  | { type: "usage:mint" | "usage:poll"; detail: { outcome: string } };

export interface LiveUsage {
  /** Begins; may be called again after `stop`. */
  start(): void;
  /** Ends at once: nothing in flight, no timer, no token. */
  stop(): void;
  /** The same object until something changed; unchanged parts are the same objects for ever. */
  snapshot(): LiveSnapshot;
  subscribe(listener: () => void): () => void;
}

export function createLiveUsage(options: LiveUsageOptions, surroundings: Surroundings): LiveUsage {
  const { customer, ringsideUrl, mintUrl = "/api/mint-client-token" } = options;
  let state = initialState(options, options.pollIntervalMs);
  let snapshot = snapshotOf(state, null);
  let cancelTimer = () => {};
  let unwatch: (() => void)[] = [];
  let tabs: Tabs | null = null;
  const flights = new Set<AbortController>();
  const listeners = new Set<() => void>();

  function dispatch(event: Event): void {
    const step = reduce(state, event, { now: surroundings.now(), random: surroundings.random() });
    const before = snapshot;
    state = step.state;
    snapshot = snapshotOf(state, before);
    // Before the listeners: one of them may stop the engine, and nothing may be sent after that.
    step.commands.forEach(run);
    for (const told of eventsOf(event, before, snapshot)) options.onEvent?.(told);
    if (snapshot !== before) for (const listen of listeners) listen();
  }

  function run(command: Command): void {
    if (command.type === "wake") {
      cancelTimer();
      cancelTimer = surroundings.after(command.ms, () => dispatch({ type: "due" }));
    } else if (command.type === "halt") {
      cancelTimer();
      for (const flight of flights) flight.abort();
    } else if (command.type === "share") tabs?.tell(command.message);
    else if (command.type === "customer_missing") options.onCustomerMissing?.();
    else send(command);
  }

  async function send(call: Call): Promise<void> {
    const flight = new AbortController();
    flights.add(flight);
    const answered = await ask(call, flight.signal);
    flights.delete(flight);
    // What comes after a halt may be another user's, and is nobody's.
    if (!flight.signal.aborted) dispatch(answered);
  }

  async function ask(call: Call, signal: AbortSignal): Promise<Event> {
    if (call.type === "mint") {
      const answer = await mintClientToken(surroundings, mintUrl, customer.id, signal);
      return { type: "minted", answer };
    }
    // Made here, not above: on the server, where nothing is ever sent, Remix leaves `.client` modules empty.
    const ringside = createRingsideClient(surroundings, ringsideUrl);
    const { token } = call;
    if (call.type === "poll")
      return { type: "polled", token, answer: await ringside.getCustomer(customer.id, token, signal) };
    return { type: "daily", answer: await ringside.getDailyUsage(call.since, token, signal) };
  }

  return {
    start() {
      if (tabs) return;
      const { visible, online } = surroundings;
      tabs = surroundings.joinTabs((message) => dispatch({ type: "heard", message }));
      const look = (type: "start" | "look") =>
        dispatch({ type, visible: visible.get(), online: online.get() });
      unwatch = [visible.watch(() => look("look")), online.watch(() => look("look"))];
      look("start");
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
  if (event.type === "minted") events.push({ type: "usage:mint", detail: { outcome: event.answer.kind } });
  if (event.type === "polled") events.push({ type: "usage:poll", detail: { outcome: event.answer.kind } });
  if (customer !== before.customer || daily !== before.daily)
    events.push({ type: "usage:figures", detail: { customer, daily, updatedAt } });
  if (phase !== before.phase || reason !== before.reason)
    events.push({ type: "usage:phase", detail: { phase, reason } });
  return events;
}
