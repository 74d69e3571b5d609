/** The engine's rules: a pure function from a state and an event to the next state and the commands to carry out. */
import type { Customer, DailyUsage } from "#app/ringside/contract.ts";
import { type Failure, MINT_PROBLEMS, NOT_JSON, type Result } from "#app/ringside/http.ts";
import type { MintResult } from "./client-token.ts";
import {
  type Command,
  type Event,
  IDLE,
  initialState,
  type LiveReason,
  type RejectionReason,
  type RequestKind,
  type State,
} from "./state.ts";
import type { SharedFigures, TabMessage } from "./tabs.ts";
import { elapsed, pollDelay, probeDelay, remaining } from "./timing.ts";
import { type Inputs, Transition } from "./transition.ts";

export interface Step {
  readonly state: State;
  readonly commands: readonly Command[];
}

export function reduce(before: State, event: Event, inputs: Inputs): Step {
  if (before.running === (event.type === "start")) return { state: before, commands: [] };
  const next = new Transition({ ...before }, inputs);
  if (event.type === "start") start(next, event.visible, event.online);
  else if (event.type === "visibilityChanged") visibilityChanged(next, event.visible, event.online);
  else if (event.type === "tabMessage") tabMessage(next, event.message);
  else if (event.type === "timerFired") {
    next.state.nextAt = null;
    next.attempt();
  } else if (event.type === "stop") {
    next.set({ running: false, token: null });
    next.abortAll();
  } else if (event.type === "dailyFinished") dailyFinished(next, event.result);
  else {
    // The browser's "offline" is a hint; any reply from a server disproves it.
    next.state.online ||= event.result.kind !== "network" && event.result.kind !== "timeout";
    if (event.type === "mintFinished") mintFinished(next, event.result);
    else pollFinished(next, event.result, event.token);
  }
  return next;
}

/** Also after a stop: the figures stay, everything else is reset. */
function start(next: Transition, visible: boolean, online: boolean): void {
  const { customer, daily, updatedAt, serverAheadMs, hasStarted, intervalMs } = next.state;
  const { now } = next.inputs;
  // The server rendered the page a moment ago, so the difference is how wrong this browser's clock is. A clock that
  // was set back while stopped must not give figures from the future, which would never look old.
  const clock = hasStarted
    ? { updatedAt: Math.min(updatedAt, now), serverAheadMs }
    : { updatedAt: now, serverAheadMs: updatedAt - now };
  const fresh = initialState({ customer, daily, loadedAt: now }, intervalMs);
  next.set({ ...fresh, ...clock, hasStarted: true, running: true, visible, online });
  if (visible) next.setTimer(0);
}

function visibilityChanged(next: Transition, visible: boolean, online: boolean): void {
  const before = { ...next.state };
  const { now, random } = next.inputs;
  // A network or a service returns for many clients at once: spread their first requests.
  const spread = before.error ? before.intervalMs * random : 0;
  next.set({ visible, online });
  if (!visible) next.abortAll();
  else if (before.visible) {
    if (online && !before.online && before.error) next.resume(spread);
  } else if (!before.signedOut) next.resume(spread);
  // Another tab may have signed in while this one missed its message: one mint per return, at most one per interval.
  else if (next.soonest(0) === 0 && remaining(before.mints.backoff, now) === 0) next.mint();
}

function tabMessage(next: Transition, message: TabMessage): void {
  const { state } = next;
  const sameCustomer = "about" in message && message.about === state.customer.id;
  if (message.type === "signed_out") next.signOut("not_signed_in");
  else if (message.type === "figures") {
    if (sameCustomer && !state.signedOut) showSharedFigures(next, message);
  } else if (!sameCustomer) next.signOut("session_changed");
  else if (state.signedOut) {
    state.signedOut = null;
    if (state.visible) next.resume(0);
  }
}

/** Shows what another tab just read, and leaves the next poll to that tab unless it falls silent. */
function showSharedFigures(next: Transition, figures: SharedFigures): void {
  const { customer, updatedAt, serverAheadMs, daily, dailyAt } = figures;
  const { state, inputs } = next;
  if (elapsed(updatedAt, inputs.now) > state.intervalMs) return;
  if (updatedAt > state.updatedAt) {
    next.setCustomer(customer, updatedAt, serverAheadMs);
    state.attemptedAt = Math.max(state.attemptedAt, updatedAt);
    if (state.nextAt !== null) next.setTimer(next.soonest(pollDelay(2 * state.intervalMs, inputs.random)));
  }
  if (daily && dailyAt > state.dailyAt) {
    next.setDaily(daily, dailyAt);
    state.dailyStale = false;
  }
}

function pollFinished(next: Transition, result: Result<Customer>, token: string): void {
  const { state, inputs } = next;
  if (result.kind === "ok") {
    state.polls = IDLE;
    // All clients recover at the same time; the chart is the part of the load that can wait.
    const backoff = { from: inputs.now, ms: 4 * state.intervalMs * inputs.random, retryAfterMs: 0 };
    if (state.error) state.usage = { ...state.usage, backoff };
    state.rejection = null;
    // Together with the time that it corrects: a new token alone would move the page's calendar for a moment.
    next.setCustomer(result.value, inputs.now, state.token?.serverAheadMs ?? state.serverAheadMs);
    next.share();
    next.fetchDaily();
    next.setTimer(pollDelay(state.intervalMs, inputs.random));
  } else if (result.kind === "unauthorized" || isCustomerMissing(result, state.rejection)) {
    state.polls = { ...state.polls, busy: false };
    if (state.token?.value === token) state.token = null;
    rejected(next, result.kind === "unauthorized" ? "token_rejected" : "customer_missing");
  } else failed(next, "polls", result);
}

/**
 * Whether Ringside does not know the Customer any more. A token minted after a 404 is for the Customer created in
 * its place and may not read the old row, so a 403 that follows a 404 means the same.
 */
const isCustomerMissing = ({ kind }: Result<Customer>, rejection: State["rejection"]) =>
  kind === "not_found" || (kind === "forbidden" && rejection?.reason === "customer_missing");

/** The least time between two mints that a rejection forced. */
const FORCED_MINT_COOL_DOWN_MS = 30_000;

/** The first rejection gets one new token and one repeated poll; the next in a row is retried once a minute. */
function rejected(next: Transition, reason: RejectionReason): void {
  const { state, inputs } = next;
  const times = state.rejection?.reason === reason ? state.rejection.times + 1 : 1;
  const coolDown = state.token ? 0 : FORCED_MINT_COOL_DOWN_MS - elapsed(state.lastForcedMintAt, inputs.now);
  state.rejection = { reason, times };
  if (times > 1) {
    const phase = reason === "token_rejected" ? "blocked" : "reconnecting";
    next.fail({ phase, reason }, probeDelay(inputs.random));
    if (times === 2 && reason === "customer_missing") next.commands.push({ type: "customerMissing" });
  } else if (coolDown > 0) {
    next.fail({ phase: "reconnecting", reason }, coolDown + state.intervalMs * inputs.random);
  } else next.attempt();
}

function mintFinished(next: Transition, result: MintResult): void {
  const { state } = next;
  if (result.kind === "ok") {
    state.mints = IDLE;
    next.set({ token: result.value, signedOut: null });
    if (next.waiting) next.poll();
  } else if (result.kind === "unauthorized") next.signOut("not_signed_in");
  else if (result.kind !== "conflict" || result.code !== "session_changed") failed(next, "mints", result);
  else if (state.rejection?.reason === "customer_missing") {
    // A Customer that was deleted and created again has another id, which is no change of user.
    state.mints = { ...state.mints, busy: false };
    rejected(next, "customer_missing");
  } else next.signOut("session_changed");
}

function dailyFinished(next: Transition, result: Result<DailyUsage[]>): void {
  if (result.kind === "ok") {
    next.state.usage = IDLE;
    next.setDaily(result.value, next.inputs.now);
    next.share();
  } else failed(next, "usage", result);
}

/** Backs off, and shows the error when the page waits for this request. */
function failed(next: Transition, kind: RequestKind, failure: Failure): void {
  const reason = reasonOf(kind, failure);
  const blocked = failure.kind === "forbidden" || reason === "intercepted";
  const ms = next.backOff(kind, failure.retryAfterMs ?? null, blocked);
  // The totals do not depend on the daily figures, and an old token is used until a new one arrives.
  if (kind === "usage") next.set({ dailyReason: reason, dailyStale: true });
  else if (next.waiting) next.fail({ phase: blocked ? "blocked" : "reconnecting", reason }, ms);
}

const REASONS = {
  unauthorized: "token_rejected",
  not_found: "customer_missing",
  conflict: "contract_violation",
  rate_limited: "rate_limited",
  unavailable: "ringside_unavailable",
  redirected: "network",
  network: "network",
  timeout: "timeout",
  contract: "contract_violation",
} as const satisfies Record<Exclude<Failure["kind"], "forbidden">, LiveReason>;

function reasonOf(kind: RequestKind, failure: Failure): LiveReason {
  if (kind === "mints") return mintReason(failure);
  if (failure.kind !== "forbidden") return REASONS[failure.kind];
  return /origin/.test(failure.code ?? "") ? "origin_not_allowed" : "endpoint_not_allowed";
}

/** Our own mint says why by a problem code. HTML or a redirect comes from something between the browser and it. */
function mintReason({ kind, code }: Failure): LiveReason {
  const problem = MINT_PROBLEMS.find((known) => known === code);
  if (problem) return problem;
  if (kind === "rate_limited" || kind === "network" || kind === "timeout") return kind;
  if (kind === "unavailable" || kind === "not_found") return "mint_unavailable";
  return kind === "contract" && code !== NOT_JSON ? "contract_violation" : "intercepted";
}
