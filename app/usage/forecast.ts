/**
 * The month's projected total. The page explains the method in one sentence, so it is plain arithmetic:
 * the spend so far, plus the average of the last 14 full days for each day that is left.
 * Two whole weeks, so that every weekday counts the same. All amounts in USD, all days in UTC.
 */
import type { DailyUsage } from "#app/ringside/contract.ts";
import {
  addDays,
  DAY_MS,
  daysBetween,
  everyDay,
  lastMonthStart,
  monthStart,
  nextMonthStart,
  startOf,
  utcDay,
} from "./days.ts";

const WINDOW_DAYS = 14;
/** A projection from fewer full days would be noise. */
const MIN_DAYS = 3;
/** The z-score of an 80 % interval: days are taken to vary as the last ones did, normally distributed. */
const Z_80_PERCENT = 1.2816;

/** The expected spend of one more day. */
export interface SpendPace {
  perDayUsd: number;
  /** `recent_days`: the average of `days` full days. `month_average`: no daily figures, so this month's average. */
  basis: "recent_days" | "month_average";
  days: number;
  /** The sample standard deviation of those days; null when it is not known. */
  deviationUsd: number | null;
}

/** What is known of the month at the instant `now` (milliseconds). `daily` is oldest first, null when unknown. */
export interface MonthSoFar {
  spendUsd: number;
  daily: readonly DailyUsage[] | null;
  now: number;
}

/** The current pace; null while there are too few days. Never negative: refunds are no trend. */
export function spendPace({ spendUsd, daily, now }: MonthSoFar): SpendPace | null {
  const today = utcDay(now);
  if (!daily) {
    const days = (now - startOf(monthStart(today))) / DAY_MS;
    if (days < MIN_DAYS) return null;
    return { perDayUsd: Math.max(0, spendUsd / days), basis: "month_average", days, deviationUsd: null };
  }
  const first = daily[0]?.date;
  if (first === undefined) return null;
  // Days before the first usage are not days without spend: they would pull the average down.
  const length = Math.min(WINDOW_DAYS, daysBetween(first, today));
  if (length < MIN_DAYS) return null;
  const days = everyDay(daily, addDays(today, -length), addDays(today, -1));
  const mean = sum(days) / days.length;
  const variance = days.reduce((total, day) => total + (day.spendUsd - mean) ** 2, 0) / (days.length - 1);
  return {
    perDayUsd: Math.max(0, mean),
    basis: "recent_days",
    days: days.length,
    deviationUsd: Math.sqrt(variance),
  };
}

/** The projected spend at the end of this month; `low` and `high` are null when the variation of days is not known. */
export interface MonthEnd {
  usd: number;
  lowUsd: number | null;
  highUsd: number | null;
}

export function monthEnd(spendUsd: number, pace: SpendPace, now: number): MonthEnd {
  const left = (startOf(nextMonthStart(utcDay(now))) - now) / DAY_MS;
  const usd = spendUsd + pace.perDayUsd * left;
  if (pace.deviationUsd === null) return { usd, lowUsd: null, highUsd: null };
  // The remaining days vary, and the average itself is uncertain: it comes from few days.
  const spread = Z_80_PERCENT * pace.deviationUsd * Math.sqrt(left * (1 + left / pace.days));
  return { usd, lowUsd: Math.max(spendUsd, usd - spread), highUsd: usd + spread };
}

/** The day on which `remainingUsd` is used up at this pace; null when never, or more than a year away. */
export function runOutDay(remainingUsd: number, pace: SpendPace, now: number): string | null {
  const days = remainingUsd / pace.perDayUsd;
  return days >= 0 && days <= 366 ? utcDay(now + days * DAY_MS) : null;
}

/**
 * This month's spend against last month's up to the same point, as a ratio (0.12 is 12 % more).
 * Null when usage does not reach back to the first of last month, or there is nothing to compare.
 */
export function changeOnLastMonth({ spendUsd, daily, now }: MonthSoFar): number | null {
  const today = utcDay(now);
  const from = lastMonthStart(today);
  const first = daily?.[0]?.date;
  if (!daily || first === undefined || first > from) return null;
  // After a month of 30 days, the 31st compares with that whole month.
  const length = daysBetween(from, monthStart(today));
  const passed = Math.min(length, (now - startOf(monthStart(today))) / DAY_MS);
  const then = everyDay(daily, from, addDays(monthStart(today), -1)).reduce(
    (total, day, index) => total + day.spendUsd * Math.min(1, Math.max(0, passed - index)),
    0,
  );
  return then > 0 && spendUsd >= 0 ? spendUsd / then - 1 : null;
}

const sum = (days: readonly DailyUsage[]) => days.reduce((total, day) => total + day.spendUsd, 0);
