/** The Customers of the mock's one Ringside account: each one's usage per UTC day, budgets, wallet and own clock. */
import { randomBytes } from "node:crypto";
import type { CustomerRow, UsageRow } from "#app/ringside/contract.ts";
import { type Period, periodStart, utcDay } from "./calendar.ts";
import { micros, roundLimit, usd, Wallet } from "./money.ts";
import { callsBetween, type DayTotal, hash, pastDays, profiles, type Seed } from "./seed.ts";

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
  /** Until when live traffic is recorded, on the real clock; null while it is off. */
  #trafficRecordedUntil: number | null = null;

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

  /** Moves this Customer's clock, by this much in total. Usage so far stays on its days. */
  setClock(advanceMs: number): void {
    this.#recordTraffic();
    this.#clockOffset = advanceMs;
  }

  setTraffic(on: boolean): void {
    this.#recordTraffic();
    this.#trafficRecordedUntil = on ? this.#realNow() : null;
  }

  /** Records usage. @param day the Customer's today when left out */
  use(amountMicros: number, requests: number, day: string = utcDay(this.now())): void {
    const total = this.#days.get(day) ?? { micros: 0, requests: 0 };
    this.#days.set(day, { micros: total.micros + amountMicros, requests: total.requests + requests });
    this.#wallet?.debit(amountMicros, this.now());
  }

  /** The lifetime of a token for which the mint asks `askedSeconds`. */
  tokenTtlSeconds(askedSeconds: number): number {
    return Math.min(askedSeconds, this.#seed.max_token_ttl_seconds ?? askedSeconds);
  }

  get wallet(): Wallet | null {
    this.#recordTraffic();
    return this.#wallet;
  }

  /** Days with usage from `since` to the Customer's today, oldest first. */
  days(since = ""): UsageRow[] {
    this.#recordTraffic();
    const today = utcDay(this.now());
    return [...this.#days]
      .filter(([day]) => day >= since && day <= today)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([date, total]) => ({ date, spend_usd: usd(total.micros), request_count: total.requests }));
  }

  row(): CustomerRow {
    this.#recordTraffic();
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

  /** Whether any budget is spent: Ringside then refuses calls for this Customer. */
  overBudget(): boolean {
    this.#recordTraffic();
    const { budget_usd: cap } = this.#seed;
    return (
      (cap !== undefined && this.#total("month").micros >= micros(cap)) ||
      this.#budgets.some((budget) => this.#total(budget.period).micros >= budget.limitMicros)
    );
  }

  #budgetRow({ label, period, limitMicros }: BudgetLimit) {
    return { label, period, limit_usd: usd(limitMicros), spent_usd: usd(this.#total(period).micros) };
  }

  /** Computed from the days each time, so that a new month begins at zero. */
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

  /** Records the live traffic since the last call. */
  #recordTraffic(): void {
    if (this.#trafficRecordedUntil === null) return;
    const now = this.#realNow();
    const profile = profiles[this.#seed.history === "none" ? "steady" : this.#seed.history];
    // On the real clock: moving a Customer's clock by a month must not invent a month of traffic.
    for (const call of callsBetween(hash(this.externalId), profile, this.#trafficRecordedUntil, now)) {
      this.use(call.micros, 1, utcDay(call.at + this.#clockOffset));
    }
    this.#trafficRecordedUntil = Math.max(this.#trafficRecordedUntil, now);
  }
}

export class CustomerStore {
  readonly #now: () => number;
  readonly #byId = new Map<string, Account>();
  readonly #byExternalId = new Map<string, Account>();
  /** Of every id, those of deleted Customers included. */
  readonly #externalIds = new Map<string, string>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A new Customer; null when the external_id is taken. No await inside, so that exactly one of several simultaneous calls succeeds. */
  create(seed: Seed): Account | null {
    if (this.#byExternalId.has(seed.external_id)) return null;
    return this.#store(newId(), seed);
  }

  /** Creates a Customer, or starts it afresh under the id that it has. */
  replace(seed: Seed): Account {
    return this.#store(this.#byExternalId.get(seed.external_id)?.id ?? newId(), seed);
  }

  byId(id: string): Account | undefined {
    return this.#byId.get(id);
  }

  byExternalId(externalId: string): Account | undefined {
    return this.#byExternalId.get(externalId);
  }

  /** By a path segment that is already decoded: `cus_…`, or `ext:` and the external_id. */
  find(ref: string): Account | undefined {
    return ref.startsWith("ext:") ? this.byExternalId(ref.slice(4)) : this.byId(ref);
  }

  /** The external_id that this id has or had: the log names it for requests about a deleted Customer too. */
  externalIdOf(id: string): string | undefined {
    return this.#externalIds.get(id);
  }

  all(): Account[] {
    return [...this.#byId.values()];
  }

  remove(account: Account): void {
    this.#byId.delete(account.id);
    this.#byExternalId.delete(account.externalId);
  }

  #store(id: string, seed: Seed): Account {
    const account = new Account(id, seed, this.#now);
    this.#byId.set(account.id, account);
    this.#byExternalId.set(account.externalId, account);
    this.#externalIds.set(account.id, account.externalId);
    return account;
  }
}

const newId = () => `cus_${randomBytes(12).toString("hex")}`;
