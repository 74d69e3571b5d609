/**
 * Where the month is heading. Plain arithmetic that can be said in one sentence, because the page says it:
 * what is spent so far, plus the average of the last 14 full days for each day that is left.
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
/** Fewer full days than this say nothing about the next ones. */
const ENOUGH_DAYS = 3;
/** The range holds 8 times out of 10 when days go on varying as they did (normal distribution). */
const EIGHT_IN_TEN = 1.2816;

/** What one more day costs. */
export interface SpendPace {
  perDayUsd: number;
  /** `recent_days`: the average of `days` full days. `month_average`: no daily figures, so this month's average. */
  basis: "recent_days" | "month_average";
  days: number;
  /** How much those days differed (sample standard deviation); null when it is not known. */
  deviationUsd: number | null;
}

/** What is known of the month at the instant `now` (milliseconds). `daily` is oldest first, null when unknown. */
export interface MonthSoFar {
  spendUsd: number;
  daily: readonly DailyUsage[] | null;
  now: number;
}

/** The present pace; null while there is too little to tell. Never negative: refunds are no trend. */
export function spendPace({ spendUsd, daily, now }: MonthSoFar): SpendPace | null {
  const today = utcDay(now);
  if (!daily) {
    const days = (now - startOf(monthStart(today))) / DAY_MS;
    if (days < ENOUGH_DAYS) return null;
    return { perDayUsd: Math.max(0, spendUsd / days), basis: "month_average", days, deviationUsd: null };
  }
  const first = daily[0]?.date;
  if (first === undefined) return null;
  // A person who began on Tuesday did not spend nothing on Monday.
  const length = Math.min(WINDOW_DAYS, daysBetween(first, today));
  if (length < ENOUGH_DAYS) return null;
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

/** The projected spend at the end of this month; `low` and `high` are null when days cannot be compared. */
export interface MonthEnd {
  usd: number;
  lowUsd: number | null;
  highUsd: number | null;
}

export function monthEnd(spendUsd: number, pace: SpendPace, now: number): MonthEnd {
  const left = (startOf(nextMonthStart(utcDay(now))) - now) / DAY_MS;
  const usd = spendUsd + pace.perDayUsd * left;
  if (pace.deviationUsd === null) return { usd, lowUsd: null, highUsd: null };
  // The days left vary, and so does the average itself: it was taken from few days.
  const spread = EIGHT_IN_TEN * pace.deviationUsd * Math.sqrt(left * (1 + left / pace.days));
  return { usd, lowUsd: Math.max(spendUsd, usd - spread), highUsd: usd + spread };
}

/** The day on which `remainingUsd` is used up at this pace; null when that is more than a year away or never. */
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
  // The 31st has no counterpart in a month of 30 days: then the whole month counts.
  const length = daysBetween(from, monthStart(today));
  const passed = Math.min(length, (now - startOf(monthStart(today))) / DAY_MS);
  const then = everyDay(daily, from, addDays(monthStart(today), -1)).reduce(
    (total, day, index) => total + day.spendUsd * Math.min(1, Math.max(0, passed - index)),
    0,
  );
  return then > 0 && spendUsd >= 0 ? spendUsd / then - 1 : null;
}

const sum = (days: readonly DailyUsage[]) => days.reduce((total, day) => total + day.spendUsd, 0);
