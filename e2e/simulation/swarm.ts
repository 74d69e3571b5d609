/**
 * Thousands of clients in one outage. Each is the real reducer with a one-line network, so that ten thousand of
 * them take seconds; beside them the naive client, which tries again after a fixed time.
 */
import type { Answer } from "#app/ringside/fetch-json.ts";
import type { Command, Event, State } from "#app/usage/live-machine.ts";
import { reduce } from "#app/usage/reducer.ts";
import { initialState } from "#app/usage/snapshot.ts";
import { Agenda } from "./agenda.ts";
import { EPOCH, randomOf } from "./clock.ts";

const INTERVAL_MS = 5_000;
const LATENCY_MS = 100;
const TTL_MS = 300_000;
/** How often the figures of one Customer move. */
const MOVES_EVERY_MS = 20_000;

export interface Outage {
  clients: number;
  /** From when to when nobody is answered, in milliseconds since the start. */
  from: number;
  until: number;
  end: number;
  /** What everybody gets meanwhile. */
  answer: (now: number) => Exclude<Answer<never>, { kind: "ok" }>;
  /** The clients' own network fails, and all browsers say `online` when it is back. */
  network?: boolean;
}

/** Requests of all clients in each second. */
export type Curve = readonly number[];

/** One seat in the simulation: what a client does when its turn comes. */
interface Client {
  begin(now: number): void;
  online?(now: number, online: boolean): void;
}

interface World {
  readonly agenda: Agenda;
  readonly random: () => number;
  /** Counts a request; null while everything works. */
  request(now: number): Exclude<Answer<never>, { kind: "ok" }> | null;
}

export function simulate(outage: Outage, kind: "ours" | "naive", seed = 1): Curve {
  const curve = new Array<number>(Math.ceil(outage.end / 1000)).fill(0);
  const agenda = new Agenda();
  const random = randomOf(seed);
  const request = (now: number) => {
    const second = Math.floor(now / 1000);
    if (second < curve.length) curve[second] = (curve[second] ?? 0) + 1;
    return now >= outage.from && now < outage.until ? outage.answer(now) : null;
  };
  const clients = Array.from({ length: outage.clients }, (): Client => {
    const client = (kind === "ours" ? ours : naive)({ agenda, random, request });
    // People do not open their pages in the same second.
    agenda.at(random() * 60_000, (now) => client.begin(now));
    return client;
  });
  if (outage.network) {
    const tellAll = (online: boolean) => (now: number) => {
      for (const client of clients) client.online?.(now, online);
    };
    agenda.at(outage.from, tellAll(false));
    agenda.at(outage.until, tellAll(true));
  }
  agenda.run(outage.end);
  return curve;
}

/** The engine's own reducer. */
function ours({ agenda, random, request }: World): Client {
  const phase = random() * MOVES_EVERY_MS;
  const customer = { id: "cus_1", spendUsd: 0, requestCount: 0, budgets: [], walletUsd: null };
  let state: State = initialState({ customer, daily: null, loadedAt: EPOCH }, INTERVAL_MS);
  let timer = 0;
  let minted = 0;

  function take(now: number, event: Event): void {
    const step = reduce(state, event, { now: EPOCH + now, random: random() });
    state = step.state;
    for (const command of step.commands) carryOut(now, command);
  }

  function carryOut(now: number, command: Command): void {
    if (command.type === "wake") {
      const mine = ++timer;
      agenda.at(now + command.ms, (then) => mine === timer && take(then, { type: "due" }));
    } else if (command.type === "mint" || command.type === "poll" || command.type === "daily") {
      const event = answered(now, command, request(now));
      agenda.at(now + LATENCY_MS, (then) => take(then, event));
    }
  }

  function answered(now: number, call: Command, failure: ReturnType<World["request"]>): Event {
    if (call.type === "mint") {
      const token = {
        value: `${++minted}`,
        from: EPOCH + now,
        lifeMs: TTL_MS,
        renewMs: 240_000,
        serverAheadMs: 0,
      };
      return { type: "minted", answer: failure ?? { kind: "ok", value: token } };
    }
    if (call.type === "poll") {
      const spendUsd = Math.floor((now + phase) / MOVES_EVERY_MS);
      return {
        type: "polled",
        token: call.token,
        answer: failure ?? { kind: "ok", value: { ...customer, spendUsd } },
      };
    }
    return { type: "daily", answer: failure ?? { kind: "ok", value: [] } };
  }

  return {
    begin: (now) => take(now, { type: "start", visible: true, online: true }),
    online: (now, online) => take(now, { type: "look", visible: true, online }),
  };
}

/** The usual client: polls and retries after a fixed time, mints on a 401, polls at once when the network is back. */
function naive({ agenda, random, request }: World): Client {
  const phase = random() * MOVES_EVERY_MS;
  let expiresAt = Number.NEGATIVE_INFINITY;
  let spend = -1;
  let timer = 0;

  function poll(now: number): void {
    const mine = ++timer;
    const next = (then: number) => agenda.at(then + INTERVAL_MS, (later) => mine === timer && poll(later));
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
