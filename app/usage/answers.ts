/** The rules for what came back: of a poll, of a mint, of the daily figures. */
import type { Customer, DailyUsage } from "#app/ringside/contract.ts";
import type { Answer } from "#app/ringside/fetch-json.ts";
import type { MintAnswer } from "./client-token.ts";
import type { LaneName, Refusal } from "./live-machine.ts";
import type { LiveReason } from "./live-state.ts";
import { elapsed, slowProbe, steady } from "./pace.ts";
import { IDLE } from "./snapshot.ts";
import type { Turn } from "./turn.ts";

/** The least time between two mints that a refusal forced. */
const COOL_DOWN_MS = 30_000;

export function polled(turn: Turn, answer: Answer<Customer>, token: string): void {
  const { state, moment } = turn;
  if (answer.kind === "ok") {
    state.polls = IDLE;
    // Everybody recovers together; the chart is the part of it that can wait.
    const hold = { from: moment.now, ms: 4 * state.intervalMs * moment.random, askedMs: 0 };
    if (state.trouble) state.usage = { ...state.usage, hold };
    state.refused = null;
    turn.adopt(answer.value, moment.now);
    turn.share();
    turn.fetchDaily();
    turn.wake(steady(state.intervalMs, moment.random));
  } else if (answer.kind === "unauthorized" || isMissing(answer, state.refused)) {
    state.polls = { ...state.polls, busy: false };
    if (state.token?.value === token) state.token = null;
    refused(turn, answer.kind === "unauthorized" ? "token_rejected" : "customer_missing");
  } else failed(turn, "polls", answer);
}

/**
 * Whether Ringside does not know the Customer any more. A token minted after a 404 is for the Customer that was made
 * in its place, so what it may not read is the old one's row: a 403 there says the same once more.
 */
const isMissing = ({ kind }: Answer<Customer>, refused: { reason: Refusal } | null) =>
  kind === "not_found" || (kind === "forbidden" && refused?.reason === "customer_missing");

/** A refusal is worth one new token and one rebuilt poll. The next in a row is worth a slow probe. */
function refused(turn: Turn, reason: Refusal): void {
  const { state, moment } = turn;
  const times = state.refused?.reason === reason ? state.refused.times + 1 : 1;
  const coolDown = state.token ? 0 : COOL_DOWN_MS - elapsed(state.forcedAt, moment.now);
  state.refused = { reason, times };
  if (times > 1) {
    const phase = reason === "token_rejected" ? "blocked" : "reconnecting";
    turn.fail({ phase, reason }, slowProbe(moment.random));
    if (times === 2 && reason === "customer_missing") turn.commands.push({ type: "customer_missing" });
  } else if (coolDown > 0) {
    turn.fail({ phase: "reconnecting", reason }, coolDown + state.intervalMs * moment.random);
  } else turn.attempt();
}

export function minted(turn: Turn, answer: MintAnswer): void {
  const { state } = turn;
  if (answer.kind === "ok") {
    state.mints = IDLE;
    turn.set({ token: answer.value, signedOut: null });
    if (turn.waiting) turn.poll();
  } else if (answer.kind === "unauthorized") turn.signOut("not_signed_in");
  else if (answer.kind !== "conflict") failed(turn, "mints", answer);
  else if (state.refused?.reason === "customer_missing") {
    // A Customer that was deleted and made again has another id, which is no change of user.
    state.mints = { ...state.mints, busy: false };
    refused(turn, "customer_missing");
  } else turn.signOut("session_changed");
}

export function dailyAnswered(turn: Turn, answer: Answer<DailyUsage[]>): void {
  if (answer.kind === "ok") {
    turn.state.usage = IDLE;
    turn.adoptDaily(answer.value, turn.moment.now);
    turn.share();
  } else failed(turn, "usage", answer);
}

type Failure = Exclude<Answer<unknown>, { kind: "ok" }>;

/** Leaves the lane alone for a while; says so where the page would otherwise wait in vain. */
function failed(turn: Turn, lane: LaneName, answer: Failure): void {
  const blocked = answer.kind === "forbidden";
  const ms = turn.hold(lane, "retryAfterMs" in answer ? answer.retryAfterMs : null, blocked);
  const reason = reasonOf(lane, answer);
  // The totals go on whatever becomes of the daily figures, and an old token serves while no new one comes.
  if (lane === "usage") turn.set({ dailyReason: reason, dailyOwed: true });
  else if (turn.waiting) turn.fail({ phase: blocked ? "blocked" : "reconnecting", reason }, ms);
}

const REASONS = {
  unauthorized: "token_rejected",
  not_found: "customer_missing",
  conflict: "contract_violation",
  rate_limited: "rate_limited",
  unavailable: "ringside_unavailable",
  network: "network",
  timeout: "timeout",
  contract: "contract_violation",
} as const satisfies Record<Exclude<Failure["kind"], "forbidden">, LiveReason>;

function reasonOf(lane: LaneName, answer: Failure): LiveReason {
  const ofMint = lane === "mints";
  if (ofMint && (answer.kind === "unavailable" || answer.kind === "not_found")) return "mint_unavailable";
  if (answer.kind !== "forbidden") return REASONS[answer.kind];
  return ofMint || /origin/.test(answer.code ?? "") ? "origin_not_allowed" : "endpoint_not_allowed";
}
