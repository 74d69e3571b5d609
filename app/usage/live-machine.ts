/** The words of the engine's state machine, types only. Its rules are in reducer.ts and answers.ts, its table in README.md. */
import type { Customer, DailyUsage } from "#app/ringside/contract.ts";
import type { Answer } from "#app/ringside/fetch-json.ts";
import type { ClientToken, MintAnswer } from "./client-token.ts";
import type { LiveReason, LiveSnapshot } from "./live-state.ts";
import type { Wait } from "./pace.ts";
import type { SharedFigures, TabMessage } from "./tabs.ts";

/** One kind of request, of which never more than one is in flight. `hold`: not again before this has passed. */
export interface Lane {
  readonly busy: boolean;
  readonly failures: number;
  readonly hold: Wait | null;
}
export type LaneName = keyof LiveSnapshot["counts"];

export interface State extends SharedFigures, Readonly<Record<LaneName, Lane>> {
  readonly intervalMs: number;
  readonly running: boolean;
  readonly visible: boolean;
  readonly online: boolean;
  readonly signedOut: "not_signed_in" | "session_changed" | null;
  /** Why the last poll, or a mint that it needed, did not succeed. */
  readonly trouble: Trouble | null;
  /** The figures are as young as the pace promises. */
  readonly confirmed: boolean;
  readonly dailyReason: LiveReason | null;
  /** Something moved since the daily figures were asked for. */
  readonly dailyOwed: boolean;
  readonly token: ClientToken | null;
  /** How often in a row a token was rejected (401), or its Customer unknown (404). */
  readonly refused: { readonly reason: Refusal; readonly times: number } | null;
  /** When a refusal last forced a mint. */
  readonly forcedAt: number;
  /** When the one timer is due; null while an answer is awaited, or nothing may be sent. */
  readonly nextAt: number | null;
  /** The last poll or mint, of this tab or of another on its behalf. */
  readonly attemptedAt: number;
  readonly counts: LiveSnapshot["counts"];
}
export type Trouble = { readonly phase: "reconnecting" | "blocked"; readonly reason: LiveReason };
export type Refusal = "token_rejected" | "customer_missing";

/** Answers that were under way at a `halt` are not events: whoever carries out commands drops them. */
export type Event =
  | { type: "start"; visible: boolean; online: boolean }
  | { type: "look"; visible: boolean; online: boolean }
  | { type: "due" }
  | { type: "minted"; answer: MintAnswer }
  | { type: "polled"; answer: Answer<Customer>; token: string }
  | { type: "daily"; answer: Answer<DailyUsage[]> }
  | { type: "heard"; message: TabMessage }
  | { type: "stop" };

export type Call =
  | { type: "mint" }
  | { type: "poll"; token: string }
  | { type: "daily"; token: string; since: string };

/** `wake` sets the one timer, in place of the last; `halt` clears it and aborts every call in flight. */
export type Command =
  | Call
  | { type: "wake"; ms: number }
  | { type: "halt" }
  | { type: "share"; message: TabMessage }
  | { type: "customer_missing" };

/** What the page was loaded with; `loadedAt` in milliseconds since the epoch. */
export interface Figures {
  customer: Customer;
  daily: readonly DailyUsage[] | null;
  loadedAt: number;
}
