/** The days that a budget counts, in UTC, and when it starts over. */
import type { DailyUsage } from "#app/ringside/contract.ts";
import { isMonth } from "#app/ringside/period.ts";
import { addDays, everyDay, monthStart, nextMonthStart, startOf } from "./days.ts";

export interface BudgetPeriod {
  /** The first day that counts; today is the last. */
  from: string;
  /** The day on which it starts over; null for a rolling period, which never does. */
  resetsOn: string | null;
  /** The length of a rolling period in days, else null. */
  rollingDays: number | null;
}

/** Daily usage reaches back this far; a longer period cannot be measured with it. */
const MAX_DAYS = 90;

/** Null for a period that daily usage cannot measure (`year`, `24h`) or that is unknown. */
export function budgetPeriod(name: string, today: string): BudgetPeriod | null {
  if (isMonth(name)) return { from: monthStart(today), resetsOn: nextMonthStart(today), rollingDays: null };
  if (/^(day|daily|today|calendar[ _-]?day|1 ?d(ays?)?)$/i.test(name))
    return { from: today, resetsOn: addDays(today, 1), rollingDays: null };
  if (/^(week|weekly|calendar[ _-]?week|1 ?w(eeks?)?)$/i.test(name)) {
    // ISO 8601: weeks begin on Monday.
    const from = addDays(today, -((new Date(startOf(today)).getUTCDay() + 6) % 7));
    return { from, resetsOn: addDays(from, 7), rollingDays: null };
  }
  const days = Number(/^(\d{1,2}) ?d(ays?)?$/i.exec(name)?.[1]);
  if (!(days >= 2 && days <= MAX_DAYS)) return null;
  return { from: addDays(today, 1 - days), resetsOn: null, rollingDays: days };
}

export const spendSince = (daily: readonly DailyUsage[], from: string, today: string): number =>
  everyDay(daily, from, today).reduce((sum, day) => sum + day.spendUsd, 0);
