/** The engine's state, its events and commands, and the snapshot of it that the page sees. */
import type { Customer, DailyUsage } from "#app/ringside/contract.ts";
import type { MintProblem, Result } from "#app/ringside/http.ts";
import type { ClientToken, MintResult } from "./client-token.ts";
import type { SharedFigures, TabMessage } from "./tabs.ts";
import type { Wait } from "./timing.ts";

/**
 * The states a user can tell apart.
 * - `starting`: the page's own figures are shown, the first poll is under way
 * - `live`: the last poll confirmed the figures
 * - `reconnecting`: the last poll or mint failed; the last figures stay, the next try is scheduled
 * - `paused`: the tab is hidden; nothing is sent
 * - `offline`: the browser reports no network
 * - `signed_out`: our session ended; only signing in helps
 * - `blocked`: Ringside refuses for good (wrong origin, endpoint not allowed, rejected twice), or the engine's own
 *   code did not arrive
 */
export type LivePhase =
  | "starting"
  | "live"
  | "reconnecting"
  | "paused"
  | "offline"
  | "signed_out"
  | "blocked";

/** Why the phase is not `live`, as a stable code; app/components/text.ts has the sentence for each. */
export type LiveReason =
  | MintProblem
  | "network"
  | "timeout"
  | "contract_violation"
  | "mint_unavailable"
  | "token_rejected"
  | "origin_not_allowed"
  | "endpoint_not_allowed"
  | "customer_missing"
  | "intercepted"
  | "page_incomplete";

export interface LiveSnapshot {
  readonly phase: LivePhase;
  readonly reason: LiveReason | null;
  /** The last good figures; a failure never drops them. */
  readonly customer: Customer;
  /** The last good daily figures, oldest first; null until there are any. */
  readonly daily: readonly DailyUsage[] | null;
  /** Why the daily figures are missing or stale while the totals stay live; null when they are fresh. */
  readonly dailyReason: LiveReason | null;
  /** When `customer` was last confirmed, in milliseconds on this browser's clock. */
  readonly updatedAt: number;
  /** How far Ringside's clock is ahead of this browser's, which may be wrong by years. */
  readonly serverAheadMs: number;
  /** When the next poll or retry is due, same clock; null while none is planned. */
  readonly nextAt: number | null;
  /** For the debug panel: requests sent since the engine started. */
  readonly counts: { readonly polls: number; readonly mints: number; readonly usage: number };
}

/** A kind of request; at most one of each kind is in flight. */
export type RequestKind = keyof LiveSnapshot["counts"];

export interface RequestState {
  readonly busy: boolean;
  /** In a row. */
  readonly failures: number;
  /** No request of this kind before this wait is over. */
  readonly backoff: Wait | null;
}

export type LiveError = { readonly phase: "reconnecting" | "blocked"; readonly reason: LiveReason };
export type RejectionReason = "token_rejected" | "customer_missing";

export interface State extends SharedFigures, Readonly<Record<RequestKind, RequestState>> {
  readonly intervalMs: number;
  readonly running: boolean;
  /** False while `updatedAt` is still the time of the server that rendered the page. */
  readonly hasStarted: boolean;
  readonly visible: boolean;
  readonly online: boolean;
  readonly signedOut: "not_signed_in" | "session_changed" | null;
  /** Why the last poll, or the mint that it needed, failed. */
  readonly error: LiveError | null;
  /** A poll confirmed the figures no longer than two intervals ago. */
  readonly confirmed: boolean;
  readonly dailyReason: LiveReason | null;
  /** The totals moved since the daily figures were requested. */
  readonly dailyStale: boolean;
  readonly token: ClientToken | null;
  /** How often in a row Ringside rejected the token (401) or did not know its Customer (404). */
  readonly rejection: { readonly reason: RejectionReason; readonly times: number } | null;
  /** When a rejection last forced a mint. */
  readonly lastForcedMintAt: number;
  /** When the one timer is due; null while a reply is awaited, or nothing may be sent. */
  readonly nextAt: number | null;
  /** The last poll or mint of this tab, or the poll of another tab that this one relied on. */
  readonly attemptedAt: number;
  readonly counts: LiveSnapshot["counts"];
}

/** Replies to requests that `abortAll` dropped are not events: the runtime discards them. */
export type Event =
  | { type: "start"; visible: boolean; online: boolean }
  /** The tab was hidden or shown, or the browser reported its network gone or back. */
  | { type: "visibilityChanged"; visible: boolean; online: boolean }
  | { type: "timerFired" }
  | { type: "mintFinished"; result: MintResult }
  | { type: "pollFinished"; result: Result<Customer>; token: string }
  | { type: "dailyFinished"; result: Result<DailyUsage[]> }
  | { type: "tabMessage"; message: TabMessage }
  | { type: "stop" };

export type RequestCommand =
  | { type: "mint" }
  | { type: "poll"; token: string }
  | { type: "daily"; token: string; since: string };

/** `setTimer` replaces the one timer; `abortAll` clears it and aborts every request in flight. */
export type Command =
  | RequestCommand
  | { type: "setTimer"; ms: number }
  | { type: "abortAll" }
  | { type: "share"; message: TabMessage }
  | { type: "customerMissing" };

/** What the page was loaded with; `loadedAt` in milliseconds since the epoch, on the server's clock. */
export interface Figures {
  customer: Customer;
  daily: readonly DailyUsage[] | null;
  loadedAt: number;
}

export const IDLE: RequestState = { busy: false, failures: 0, backoff: null };
const NEVER = Number.NEGATIVE_INFINITY;

export const initialState = ({ customer, daily, loadedAt }: Figures, intervalMs: number): State => ({
  ...{
    intervalMs,
    running: false,
    hasStarted: false,
    visible: true,
    online: true,
    signedOut: null,
    error: null,
  },
  ...{ customer, updatedAt: loadedAt, serverAheadMs: 0, confirmed: false },
  ...{ daily, dailyReason: null, dailyAt: NEVER, dailyStale: true },
  ...{ token: null, rejection: null, lastForcedMintAt: NEVER, nextAt: null, attemptedAt: NEVER },
  ...{ mints: IDLE, polls: IDLE, usage: IDLE, counts: { mints: 0, polls: 0, usage: 0 } },
});

/** The page's view of a state; `previous` itself when nothing in it changed, so that subscribers can compare. */
export function snapshotOf(state: State, previous: LiveSnapshot | null): LiveSnapshot {
  const { customer, daily, dailyReason, updatedAt, serverAheadMs, nextAt, counts } = state;
  const times = { updatedAt, serverAheadMs, nextAt };
  const next = { ...phaseOf(state), customer, daily, dailyReason, ...times, counts };
  const fields = Object.keys(next) as (keyof LiveSnapshot)[];
  return previous && fields.every((field) => previous[field] === next[field]) ? previous : next;
}

function phaseOf(state: State): Pick<LiveSnapshot, "phase" | "reason"> {
  if (state.signedOut) return { phase: "signed_out", reason: state.signedOut };
  if (!state.visible) return { phase: "paused", reason: null };
  if (!state.online) return { phase: "offline", reason: "network" };
  return state.error ?? { phase: state.confirmed ? "live" : "starting", reason: null };
}
