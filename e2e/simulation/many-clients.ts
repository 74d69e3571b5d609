/**
 * Load on the servers during and after an outage with thousands of clients. Each client runs the real rules with a
 * simulated network, so that ten thousand of them take seconds; a naive client with a fixed retry delay compares.
 */
import type { Result } from "#app/ringside/http.ts";
import { reduce } from "#app/usage/rules.ts";
import { type Command, type Event, initialState, type State } from "#app/usage/state.ts";
import { EPOCH, randomOf } from "./clock.ts";

const INTERVAL_MS = 5_000;
const LATENCY_MS = 100;
const TTL_MS = 300_000;
/** How often the figures of one Customer move. */
const MOVES_EVERY_MS = 20_000;

export interface Outage {
  clients: number;
  /** The time in which every request fails, in milliseconds since the start. */
  from: number;
  until: number;
  end: number;
  /** The failure that every client gets meanwhile. */
  failure: (now: number) => Exclude<Result<never>, { kind: "ok" }>;
  /** The clients' own network fails, and all browsers say `online` when it is back. */
  network?: boolean;
}

/** Requests of all clients in each second. */
export type Curve = readonly number[];

interface Client {
  begin(now: number): void;
  online?(now: number, online: boolean): void;
}

interface Simulation {
  readonly events: EventQueue;
  readonly random: () => number;
  /** Counts a request; the failure it gets, or null when it succeeds. */
  request(now: number): Exclude<Result<never>, { kind: "ok" }> | null;
}

export function simulate(outage: Outage, kind: "engine" | "naive", seed = 1): Curve {
  const curve = new Array<number>(Math.ceil(outage.end / 1000)).fill(0);
  const events = new EventQueue();
  const random = randomOf(seed);
  const request = (now: number) => {
    const second = Math.floor(now / 1000);
    if (second < curve.length) curve[second] = (curve[second] ?? 0) + 1;
    return now >= outage.from && now < outage.until ? outage.failure(now) : null;
  };
  const clients = Array.from({ length: outage.clients }, (): Client => {
    const client = (kind === "engine" ? engine : naive)({ events, random, request });
    // Users do not open their pages in the same second.
    events.at(random() * 60_000, (now) => client.begin(now));
    return client;
  });
  if (outage.network) {
    const tellAll = (online: boolean) => (now: number) => {
      for (const client of clients) client.online?.(now, online);
    };
    events.at(outage.from, tellAll(false));
    events.at(outage.until, tellAll(true));
  }
  events.run(outage.end);
  return curve;
}

/** A client with the engine's own rules. */
function engine({ events, random, request }: Simulation): Client {
  const phase = random() * MOVES_EVERY_MS;
  const customer = { id: "cus_1", spendUsd: 0, requestCount: 0, budgets: [], walletUsd: null };
  let state: State = initialState({ customer, daily: null, loadedAt: EPOCH }, INTERVAL_MS);
  let timer = 0;
  let minted = 0;

  function dispatch(now: number, event: Event): void {
    const step = reduce(state, event, { now: EPOCH + now, random: random() });
    state = step.state;
    for (const command of step.commands) run(now, command);
  }

  function run(now: number, command: Command): void {
    if (command.type === "setTimer") {
      const current = ++timer;
      events.at(now + command.ms, (then) => current === timer && dispatch(then, { type: "timerFired" }));
    } else if (command.type === "mint" || command.type === "poll" || command.type === "daily") {
      const event = replyTo(now, command, request(now));
      events.at(now + LATENCY_MS, (then) => dispatch(then, event));
    }
  }

  function replyTo(now: number, command: Command, failure: ReturnType<Simulation["request"]>): Event {
    if (command.type === "mint") {
      const token = {
        value: `${++minted}`,
        from: EPOCH + now,
        lifeMs: TTL_MS,
        renewMs: 240_000,
        serverAheadMs: 0,
      };
      return { type: "mintFinished", result: failure ?? { kind: "ok", value: token } };
    }
    if (command.type === "poll") {
      const spendUsd = Math.floor((now + phase) / MOVES_EVERY_MS);
      return {
        type: "pollFinished",
        token: command.token,
        result: failure ?? { kind: "ok", value: { ...customer, spendUsd } },
      };
    }
    return { type: "dailyFinished", result: failure ?? { kind: "ok", value: [] } };
  }

  return {
    begin: (now) => dispatch(now, { type: "start", visible: true, online: true }),
    online: (now, online) => dispatch(now, { type: "visibilityChanged", visible: true, online }),
  };
}

/** A naive client: polls and retries after a fixed delay, mints when its token expires, polls at once when online. */
function naive({ events, random, request }: Simulation): Client {
  const phase = random() * MOVES_EVERY_MS;
  let expiresAt = Number.NEGATIVE_INFINITY;
  let spend = -1;
  let timer = 0;

  function poll(now: number): void {
    const current = ++timer;
    const next = (then: number) => events.at(then + INTERVAL_MS, (later) => current === timer && poll(later));
    if (request(now)) next(now);
    else if (now >= expiresAt) {
      if (request(now)) next(now);
      else {
        expiresAt = now + TTL_MS;
        poll(now + LATENCY_MS);
      }
    } else {
      const moved = Math.floor((now + phase) / MOVES_EVERY_MS);
      if (moved !== spend) request(now);
      spend = moved;
      next(now);
    }
  }
  return { begin: poll, online: (now, online) => online && poll(now) };
}

/** The mean of the steady minute before the outage, and the busiest second after it. */
export function summary(
  curve: Curve,
  { from, until }: Outage,
): { steady: number; during: number; peak: number } {
  const seconds = (a: number, b: number) => curve.slice(Math.floor(a / 1000), Math.floor(b / 1000));
  const mean = (part: Curve) => part.reduce((sum, n) => sum + n, 0) / part.length;
  return {
    steady: mean(seconds(from - 60_000, from)),
    during: mean(seconds(until - 60_000, until)),
    peak: Math.max(...seconds(until, Number.POSITIVE_INFINITY)),
  };
}

const FROM = 130_000;
const UNTIL = FROM + 600_000;
const END = UNTIL + 120_000;

/** The outages that the engine is measured in: ten minutes, then everything works again at one instant. */
export function outages(clients: number) {
  const outage = (failure: Outage["failure"], network = false): Outage => ({
    ...{ clients, from: FROM, until: UNTIL, end: END, failure, network },
  });
  return {
    /** Ringside and our mint drop every connection. */
    drop: outage(() => ({ kind: "network" })),
    "503": outage(() => ({ kind: "unavailable", retryAfterMs: null })),
    "retry-after": outage(() => ({ kind: "unavailable", retryAfterMs: 30_000 })),
    /** `Retry-After` as an HTTP date: all clients are told the same instant. */
    "retry-after-date": outage((now) => ({ kind: "unavailable", retryAfterMs: UNTIL - now })),
    /** The clients' own network: every browser says `offline`, and `online` in the same instant. */
    network: outage(() => ({ kind: "network" }), true),
  };
}

type Entry = readonly [at: number, order: number, run: (now: number) => unknown];

/** A priority queue of callbacks in simulated time (binary heap), earliest first, in order of insertion. */
class EventQueue {
  readonly #heap: Entry[] = [];
  #order = 0;

  at(at: number, run: (now: number) => unknown): void {
    const entry: Entry = [at, this.#order++, run];
    let hole = this.#heap.push(entry) - 1;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = this.#heap[parent] as Entry;
      if (!before(entry, above)) break;
      this.#heap[hole] = above;
      hole = parent;
    }
    this.#heap[hole] = entry;
  }

  /** Runs every callback that is due by `end`. */
  run(end: number): void {
    for (let next = this.#heap[0]; next && next[0] <= end; next = this.#heap[0]) {
      this.#take();
      next[2](next[0]);
    }
  }

  #take(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (!left) break;
      if (right && before(right, left)) child += 1;
      const smaller = heap[child] as Entry;
      if (!before(smaller, last)) break;
      heap[hole] = smaller;
      hole = child;
    }
    heap[hole] = last;
  }
}

const before = (a: Entry, b: Entry) => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]);
