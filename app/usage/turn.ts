/** The moves of which every rule of the engine is made. */
import type { Customer, DailyUsage } from "#app/ringside/contract.ts";
import { isRenewalDue, isUsable } from "./client-token.ts";
import { kept } from "./kept.ts";
import type { Command, LaneName, State, Trouble } from "./live-machine.ts";
import { afterRetryAfter, backoff, elapsed, remaining, slowProbe } from "./pace.ts";

/** What a rule may not fetch for itself: the clock, and a number in [0, 1). */
export interface Moment {
  readonly now: number;
  readonly random: number;
}

const DAILY_EVERY_MS = 60_000;
const DAYS_BACK_MS = 89 * 86_400_000;

/** One event being handled: a copy of the state to write on, and the commands so far. */
export class Turn {
  readonly commands: Command[] = [];
  constructor(
    readonly state: { -readonly [Key in keyof State]: State[Key] },
    readonly moment: Moment,
  ) {}

  /** The page waits for figures, and nothing but a mint is under way to get them. */
  get waiting(): boolean {
    const { visible, signedOut, polls, nextAt } = this.state;
    return visible && !signedOut && !polls.busy && nextAt === null;
  }

  /** Polls if there is a token to poll with, else mints one first; renews a token that is getting old. */
  attempt(): void {
    const { token, mints, trouble } = this.state;
    const { now } = this.moment;
    const held = remaining(mints.hold, now);
    this.#age();
    if (token && isUsable(token, now)) {
      this.poll();
      if (isRenewalDue(token, now) && held === 0) this.mint();
    } else if (held === 0) this.mint();
    else this.fail(trouble ?? { phase: "reconnecting", reason: "mint_unavailable" }, held);
  }

  mint(): void {
    if (!this.#depart("mints")) return;
    if (this.state.refused) this.state.forcedAt = this.moment.now;
    this.commands.push({ type: "mint" });
  }

  poll(): void {
    const { token } = this.state;
    if (token && this.#depart("polls")) this.commands.push({ type: "poll", token: token.value });
  }

  /** After a successful poll: when something moved, and otherwise once a minute. */
  fetchDaily(): void {
    const { token, usage, dailyOwed, dailyAt } = this.state;
    const { now } = this.moment;
    const due = (dailyOwed || elapsed(dailyAt, now) >= DAILY_EVERY_MS) && remaining(usage.hold, now) === 0;
    if (!token || !due || !this.#depart("usage")) return;
    this.state.dailyOwed = false;
    const since = new Date(now + token.serverAheadMs - DAYS_BACK_MS).toISOString().slice(0, 10);
    this.commands.push({ type: "daily", token: token.value, since });
  }

  #depart(lane: LaneName): boolean {
    const { [lane]: before, counts } = this.state;
    if (before.busy) return false;
    this.set({ [lane]: { ...before, busy: true }, counts: { ...counts, [lane]: counts[lane] + 1 } });
    if (lane !== "usage") this.state.attemptedAt = this.moment.now;
    return true;
  }

  /** Attempts in `ms`, or as soon after that as is due; our own backoff ends here, a server's `Retry-After` does not. */
  resume(ms: number): void {
    const { state } = this;
    for (const lane of ["mints", "polls"] as const) {
      const { hold } = state[lane];
      state[lane] = { ...state[lane], hold: hold && { ...hold, ms: hold.askedMs } };
    }
    this.#age();
    this.wake(this.soonest(ms));
  }

  /** `ms`, lengthened to what the interval and a server's `Retry-After` allow. */
  soonest(ms: number): number {
    const { polls, intervalMs, attemptedAt } = this.state;
    const { now } = this.moment;
    return Math.max(ms, remaining(polls.hold, now), intervalMs - elapsed(attemptedAt, now));
  }

  wake(ms: number): void {
    this.state.nextAt = this.moment.now + ms;
    this.commands.push({ type: "wake", ms });
  }

  /** Says what is wrong and when the next try is. */
  fail(trouble: Trouble, ms: number): void {
    this.state.trouble = trouble;
    this.wake(ms);
  }

  /** After a failure: how long to leave the lane. `probe`: only somebody's repair can help. */
  hold(lane: LaneName, retryAfterMs: number | null, probe: boolean): number {
    const { intervalMs, online } = this.state;
    const { now, random } = this.moment;
    const failures = this.state[lane].failures + 1;
    const askedMs = retryAfterMs === null ? 0 : afterRetryAfter(retryAfterMs, intervalMs, random);
    const ms = probe || !online ? slowProbe(random) : backoff(failures, intervalMs, random);
    this.state[lane] = { busy: false, failures, hold: { from: now, ms: Math.max(ms, askedMs), askedMs } };
    return Math.max(ms, askedMs);
  }

  /** Shows figures that Ringside confirmed at `updatedAt`, to this tab or to another. */
  adopt(customer: Customer, updatedAt: number): void {
    const { customer: before } = this.state;
    const moved = customer.spendUsd !== before.spendUsd || customer.requestCount !== before.requestCount;
    this.state.dailyOwed ||= moved;
    this.set({ customer: kept(before, customer), updatedAt, confirmed: true, trouble: null });
  }

  adoptDaily(daily: readonly DailyUsage[], dailyAt: number): void {
    this.set({ daily: kept(this.state.daily, daily), dailyAt, dailyReason: null });
  }

  share(): void {
    const { customer, updatedAt, daily, dailyAt } = this.state;
    const message = { type: "figures", about: customer.id, customer, updatedAt, daily, dailyAt } as const;
    this.commands.push({ type: "share", message });
  }

  signOut(reason: "not_signed_in" | "session_changed"): void {
    this.set({ signedOut: reason, token: null, trouble: null, refused: null });
    this.halt();
  }

  /** Drops all that is in flight or planned. */
  halt(): void {
    const { state } = this;
    state.dailyOwed ||= state.usage.busy;
    for (const lane of ["mints", "polls", "usage"] as const) state[lane] = { ...state[lane], busy: false };
    state.nextAt = null;
    this.commands.push({ type: "halt" });
  }

  set(changes: Partial<State>): void {
    Object.assign(this.state, changes);
  }

  /** After a sleep or a hidden hour the last figures are no longer "live". */
  #age(): void {
    const { updatedAt, intervalMs } = this.state;
    this.state.confirmed &&= elapsed(updatedAt, this.moment.now) <= 2 * intervalMs;
  }
}
