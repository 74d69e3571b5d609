/** What the live-usage engine tells the page. Pure types: the engine writes them, components read them. */
import type { Customer, DailyUsage } from "#app/ringside/contract.ts";

/**
 * The states a user can tell apart.
 * - `starting`: the page's own figures are shown, the first poll is on its way
 * - `live`: the figures were confirmed by the last poll
 * - `reconnecting`: the last poll or mint failed; the last figures stay, the next try is scheduled
 * - `paused`: the tab is hidden; nothing is sent
 * - `offline`: the browser says there is no network
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

/** Why the phase is not `live`, as a stable code; the words for each live with the components. */
export type LiveReason =
  | "network"
  | "timeout"
  | "rate_limited"
  | "ringside_unavailable"
  | "contract_violation"
  | "mint_unavailable"
  | "token_rejected"
  | "origin_not_allowed"
  | "endpoint_not_allowed"
  | "customer_missing"
  | "not_signed_in"
  | "session_changed"
  | "page_incomplete";

export interface LiveSnapshot {
  readonly phase: LivePhase;
  readonly reason: LiveReason | null;
  /** The last good figures; never dropped on a failure. */
  readonly customer: Customer;
  /** The last good daily figures, oldest first; null until there are any. */
  readonly daily: readonly DailyUsage[] | null;
  /** Why the daily figures are missing or stale while the totals go on; null when they are fresh. */
  readonly dailyReason: LiveReason | null;
  /** When `customer` was last confirmed, in milliseconds on this browser's clock. */
  readonly updatedAt: number;
  /** When the next poll or retry is due, same clock; null while none is planned. */
  readonly nextAt: number | null;
  /** For the debug panel: what the engine did since it started. */
  readonly counts: { readonly polls: number; readonly mints: number; readonly usage: number };
}
