/** The steps that the engine's rules are made of: each changes the next state and may add commands. */
import type { Customer, DailyUsage } from "#app/ringside/contract.ts";
import { isRenewalDue, isUsable } from "./client-token.ts";
import { reuseIfEqual } from "./reuse-if-equal.ts";
import type { Command, LiveError, RequestKind, State } from "./state.ts";
import { backoffDelay, elapsed, probeDelay, remaining, retryAfterDelay } from "./timing.ts";

/** What a pure rule cannot read itself: the clock, and a random number in [0, 1). */
export interface Inputs {
  readonly now: number;
  readonly random: number;
}

const DAILY_EVERY_MS = 60_000;
const DAYS_BACK_MS = 89 * 86_400_000;

/** One event being handled: a writable copy of the state, and the commands so far. */
export class Transition {
  readonly commands: Command[] = [];
  constructor(
    readonly state: { -readonly [Key in keyof State]: State[Key] },
    readonly inputs: Inputs,
  ) {}

  /** The page waits for figures, and nothing but a mint is under way to get them. */
  get waiting(): boolean {
    const { visible, signedOut, polls, nextAt } = this.state;
    return visible && !signedOut && !polls.busy && nextAt === null;
  }

  /** Polls when there is a usable token, else mints one first; also renews a token whose renewal is due. */
  attempt(): void {
    const { token, mints, error } = this.state;
    const { now } = this.inputs;
    const backoffMs = remaining(mints.backoff, now);
    this.#expireConfirmation();
    if (token && isUsable(token, now)) {
      this.poll();
      if (isRenewalDue(token, now) && backoffMs === 0) this.mint();
    } else if (backoffMs === 0) this.mint();
    else this.fail(error ?? { phase: "reconnecting", reason: "mint_unavailable" }, backoffMs);
  }

  mint(): void {
    if (!this.#begin("mints")) return;
    if (this.state.rejection) this.state.lastForcedMintAt = this.inputs.now;
    this.commands.push({ type: "mint" });
  }

  poll(): void {
    const { token } = this.state;
    if (token && this.#begin("polls")) this.commands.push({ type: "poll", token: token.value });
  }

  /** After a successful poll: when the totals moved, and otherwise once a minute. */
  fetchDaily(): void {
    const { token, usage, dailyStale, dailyAt } = this.state;
    const { now } = this.inputs;
    const due =
      (dailyStale || elapsed(dailyAt, now) >= DAILY_EVERY_MS) && remaining(usage.backoff, now) === 0;
    if (!token || !due || !this.#begin("usage")) return;
    this.state.dailyStale = false;
    const since = new Date(now + this.state.serverAheadMs - DAYS_BACK_MS).toISOString().slice(0, 10);
    this.commands.push({ type: "daily", token: token.value, since });
  }

  #begin(kind: RequestKind): boolean {
    const { [kind]: before, counts } = this.state;
    if (before.busy) return false;
    this.set({ [kind]: { ...before, busy: true }, counts: { ...counts, [kind]: counts[kind] + 1 } });
    if (kind !== "usage") this.state.attemptedAt = this.inputs.now;
    return true;
  }

  /** Attempts after `ms`, or as soon after that as is allowed. Ends our own backoff, but no server's `Retry-After`. */
  resume(ms: number): void {
    const { state } = this;
    for (const kind of ["mints", "polls"] as const) {
      const { backoff } = state[kind];
      state[kind] = { ...state[kind], backoff: backoff && { ...backoff, ms: backoff.retryAfterMs } };
    }
    this.#expireConfirmation();
    this.setTimer(this.soonest(ms));
  }

  /** `ms`, lengthened to what the interval and a server's `Retry-After` allow. */
  soonest(ms: number): number {
    const { polls, intervalMs, attemptedAt } = this.state;
    const { now } = this.inputs;
    return Math.max(ms, remaining(polls.backoff, now), intervalMs - elapsed(attemptedAt, now));
  }

  setTimer(ms: number): void {
    this.state.nextAt = this.inputs.now + ms;
    this.commands.push({ type: "setTimer", ms });
  }

  /** Shows the error and schedules the next try. */
  fail(error: LiveError, ms: number): void {
    this.state.error = error;
    this.setTimer(ms);
  }

  /** After a failure: blocks this kind of request for a while. `probe`: only a change of configuration can help. */
  backOff(kind: RequestKind, retryAfterMs: number | null, probe: boolean): number {
    const { intervalMs, online } = this.state;
    const { now, random } = this.inputs;
    const failures = this.state[kind].failures + 1;
    const requestedMs = retryAfterMs === null ? 0 : retryAfterDelay(retryAfterMs, intervalMs, random);
    const ownMs = probe || !online ? probeDelay(random) : backoffDelay(failures, intervalMs, random);
    const ms = Math.max(ownMs, requestedMs);
    this.state[kind] = { busy: false, failures, backoff: { from: now, ms, retryAfterMs: requestedMs } };
    return ms;
  }

  /** Shows figures that Ringside confirmed at `updatedAt`, to this tab or to another. */
  setCustomer(customer: Customer, updatedAt: number, serverAheadMs: number): void {
    const { customer: before } = this.state;
    const moved = customer.spendUsd !== before.spendUsd || customer.requestCount !== before.requestCount;
    this.state.dailyStale ||= moved;
    const confirmation = { updatedAt, serverAheadMs, confirmed: true, error: null };
    this.set({ customer: reuseIfEqual(before, customer), ...confirmation });
  }

  setDaily(daily: readonly DailyUsage[], dailyAt: number): void {
    this.set({ daily: reuseIfEqual(this.state.daily, daily), dailyAt, dailyReason: null });
  }

  share(): void {
    const { customer, updatedAt, serverAheadMs, daily, dailyAt } = this.state;
    const figures = { customer, updatedAt, serverAheadMs, daily, dailyAt };
    this.commands.push({ type: "share", message: { type: "figures", about: customer.id, ...figures } });
  }

  signOut(reason: "not_signed_in" | "session_changed"): void {
    this.set({ signedOut: reason, token: null, error: null, rejection: null });
    this.abortAll();
  }

  /** Drops every request in flight and the planned one. */
  abortAll(): void {
    const { state } = this;
    state.dailyStale ||= state.usage.busy;
    for (const kind of ["mints", "polls", "usage"] as const) state[kind] = { ...state[kind], busy: false };
    state.nextAt = null;
    this.commands.push({ type: "abortAll" });
  }

  set(changes: Partial<State>): void {
    Object.assign(this.state, changes);
  }

  /** After sleep or an hour in a hidden tab the last figures no longer count as live. */
  #expireConfirmation(): void {
    const { updatedAt, intervalMs } = this.state;
    this.state.confirmed &&= elapsed(updatedAt, this.inputs.now) <= 2 * intervalMs;
  }
}
