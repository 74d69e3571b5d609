/** A state's beginning, and what the page sees of it. */
import type { Figures, Lane, State } from "./live-machine.ts";
import type { LiveSnapshot } from "./live-state.ts";

export const IDLE: Lane = { busy: false, failures: 0, hold: null };
const NEVER = Number.NEGATIVE_INFINITY;

export const initialState = ({ customer, daily, loadedAt }: Figures, intervalMs: number): State => ({
  ...{ intervalMs, running: false, visible: true, online: true, signedOut: null, trouble: null },
  ...{ customer, updatedAt: loadedAt, confirmed: false },
  ...{ daily, dailyReason: null, dailyAt: NEVER, dailyOwed: true },
  ...{ token: null, refused: null, forcedAt: NEVER, nextAt: null, attemptedAt: NEVER },
  ...{ mints: IDLE, polls: IDLE, usage: IDLE, counts: { mints: 0, polls: 0, usage: 0 } },
});

/** What the page sees of a state: `previous` itself while that says the same. */
export function snapshotOf(state: State, previous: LiveSnapshot | null): LiveSnapshot {
  const { customer, daily, dailyReason, updatedAt, nextAt, counts } = state;
  const next = { ...phaseOf(state), customer, daily, dailyReason, updatedAt, nextAt, counts };
  const fields = Object.keys(next) as (keyof LiveSnapshot)[];
  return previous && fields.every((field) => previous[field] === next[field]) ? previous : next;
}

function phaseOf(state: State): Pick<LiveSnapshot, "phase" | "reason"> {
  if (state.signedOut) return { phase: "signed_out", reason: state.signedOut };
  if (!state.visible) return { phase: "paused", reason: null };
  if (!state.online) return { phase: "offline", reason: "network" };
  return state.trouble ?? { phase: state.confirmed ? "live" : "starting", reason: null };
}
