/** One Customer's books: usage per UTC day, budgets, wallet, and the Customer's own clock. */
import type { CustomerRow, UsageRow } from "#app/ringside/contract.ts";
import { type Period, periodStart, utcDay } from "./calendar.ts";
import { type DayTotal, pastDays } from "./history.ts";
import { micros, roundLimit, usd } from "./money.ts";
import { profiles } from "./profiles.ts";
import { hash } from "./random.ts";
import type { Seed } from "./seed.ts";
import { callsBetween } from "./traffic.ts";
import { Wallet } from "./wallet.ts";

interface BudgetLimit {
  label: string;
  period: Period;
  limitMicros: number;
}

export class Account {
  readonly id: string;
  readonly externalId: string;
  readonly #seed: Seed;
  readonly #realNow: () => number;
  readonly #createdAt: number;
  readonly #wallet: Wallet | null;
  readonly #budgets: BudgetLimit[];
  readonly #days: Map<string, DayTotal>;
  #clockOffset = 0;
  /** Up to when live traffic is in the books, on the real clock; null while it is off. */
  #trafficUntil: number | null = null;

  constructor(id: string, seed: Seed, realNow: () => number) {
    this.id = id;
    this.externalId = seed.external_id;
    this.#seed = seed;
    this.#realNow = realNow;
    this.#createdAt = realNow();
    this.#days =
      seed.history === "none"
        ? new Map()
        : pastDays(seed.external_id, profiles[seed.history], this.#createdAt);
    this.#wallet =
      seed.wallet_balance_usd === undefined
        ? null
        : new Wallet(micros(seed.wallet_balance_usd), this.#createdAt);
    this.#budgets = (seed.budgets ?? []).map((budget) => ({
      label: budget.label,
      period: budget.period,
      limitMicros:
        "limit_usd" in budget
          ? micros(budget.limit_usd)
          : roundLimit(this.#total(budget.period).micros / budget.used),
    }));
    this.setTraffic(seed.traffic);
  }

  /** Ringside's clock as this Customer sees it, in milliseconds since the epoch. */
  now(): number {
    return this.#realNow() + this.#clockOffset;
  }

  /** Moves this Customer's clock, by this much in total. What was used so far stays on the days it was used. */
  setClock(advanceMs: number): void {
    this.#settle();
    this.#clockOffset = advanceMs;
  }

  setTraffic(on: boolean): void {
    this.#settle();
    this.#trafficUntil = on ? this.#realNow() : null;
  }

  /** Books usage. @param day the Customer's today when left out */
  use(amountMicros: number, requests: number, day: string = utcDay(this.now())): void {
    const total = this.#days.get(day) ?? { micros: 0, requests: 0 };
    this.#days.set(day, { micros: total.micros + amountMicros, requests: total.requests + requests });
    this.#wallet?.debit(amountMicros, this.now());
  }

  /** How long a token lives that was asked to live for `askedSeconds`. */
  tokenTtlSeconds(askedSeconds: number): number {
    return Math.min(askedSeconds, this.#seed.max_token_ttl_seconds ?? askedSeconds);
  }

  get wallet(): Wallet | null {
    this.#settle();
    return this.#wallet;
  }

  /** Days with usage from `since` to the Customer's today, oldest first. */
  days(since = ""): UsageRow[] {
    this.#settle();
    const today = utcDay(this.now());
    return [...this.#days]
      .filter(([day]) => day >= since && day <= today)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([date, total]) => ({ date, spend_usd: usd(total.micros), request_count: total.requests }));
  }

  row(): CustomerRow {
    this.#settle();
    const month = this.#total("month");
    return {
      id: this.id,
      object: "customer",
      external_id: this.externalId,
      name: this.#seed.name ?? null,
      metadata: this.#seed.metadata,
      created_at: Math.floor(this.#createdAt / 1000),
      spend_usd_mtd: usd(month.micros),
      request_count_mtd: month.requests,
      ...(this.#seed.budgets && { budgets: this.#budgets.map((budget) => this.#budgetRow(budget)) }),
      ...(this.#seed.budget_usd !== undefined && { budget_usd: this.#seed.budget_usd }),
      ...(this.#wallet && { wallet_balance_usd: this.#wallet.balanceUsd }),
    };
  }

  /** Whether any cap is reached: Ringside then refuses to make calls for this Customer. */
  overBudget(): boolean {
    this.#settle();
    const { budget_usd: cap } = this.#seed;
    return (
      (cap !== undefined && this.#total("month").micros >= micros(cap)) ||
      this.#budgets.some((budget) => this.#total(budget.period).micros >= budget.limitMicros)
    );
  }

  #budgetRow({ label, period, limitMicros }: BudgetLimit) {
    return { label, period, limit_usd: usd(limitMicros), spent_usd: usd(this.#total(period).micros) };
  }

  /** Computed from the days each time, so that a new month begins at zero by itself. */
  #total(period: Period): DayTotal {
    const today = utcDay(this.now());
    const first = periodStart(period, today);
    const sum = { micros: 0, requests: 0 };
    for (const [day, total] of this.#days) {
      if (day < first || day > today) continue;
      sum.micros += total.micros;
      sum.requests += total.requests;
    }
    return sum;
  }

  /** Books the live traffic that has happened since it was last looked at. */
  #settle(): void {
    if (this.#trafficUntil === null) return;
    const now = this.#realNow();
    const profile = profiles[this.#seed.history === "none" ? "steady" : this.#seed.history];
    // On the real clock: moving a Customer's clock by a month must not invent a month of traffic.
    for (const call of callsBetween(hash(this.externalId), profile, this.#trafficUntil, now)) {
      this.use(call.micros, 1, utcDay(call.at + this.#clockOffset));
    }
    this.#trafficUntil = Math.max(this.#trafficUntil, now);
  }
}
