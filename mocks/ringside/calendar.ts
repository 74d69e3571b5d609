/** Days of Ringside's calendar: UTC, written `YYYY-MM-DD`, so that they compare as text. */

export const DAY_MS = 86_400_000;

export const utcDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export const startOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** Whether the text is a day that exists: `2026-02-30` is not. */
export function isDay(text: string): boolean {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? startOf(text) : Number.NaN;
  return !Number.isNaN(ms) && utcDay(ms) === text;
}

export const periods = ["day", "week", "month", "total"] as const;
export type Period = (typeof periods)[number];

/** The first day of the period that `day` lies in; weeks begin on Monday. */
export function periodStart(period: Period, day: string): string {
  switch (period) {
    case "day":
      return day;
    case "week":
      return utcDay(startOf(day) - ((new Date(startOf(day)).getUTCDay() + 6) % 7) * DAY_MS);
    case "month":
      return `${day.slice(0, 7)}-01`;
    case "total":
      return "0000-01-01";
  }
}
