/**
 * Calendar days as `YYYY-MM-DD`, always in UTC: Ringside counts in UTC, and in the local time zone the month would
 * start a day early for some users.
 */
import type { DailyUsage } from "#app/ringside/contract.ts";

export const DAY_MS = 86_400_000;

/** The UTC day of an instant in milliseconds. */
export const utcDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The first instant of a day, in milliseconds. */
export const startOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);

export const addDays = (day: string, count: number): string => utcDay(startOf(day) + count * DAY_MS);

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number => (startOf(to) - startOf(from)) / DAY_MS;

export const monthStart = (day: string): string => `${day.slice(0, 7)}-01`;
export const nextMonthStart = (day: string): string => monthStart(addDays(monthStart(day), 31));
export const lastMonthStart = (day: string): string => monthStart(addDays(monthStart(day), -1));

/** Every day from `from` to `to`, both included: Ringside omits days without requests, and those are zero. */
export function everyDay(daily: readonly DailyUsage[], from: string, to: string): DailyUsage[] {
  const known = new Map(daily.map((day) => [day.date, day]));
  return Array.from({ length: Math.max(0, daysBetween(from, to) + 1) }, (_, index) => {
    const date = addDays(from, index);
    return known.get(date) ?? { date, spendUsd: 0, requestCount: 0 };
  });
}
