/** Numbers and days in the page's locale (locales.ts), for every component, from one context. */
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { startOf } from "#app/usage/days.ts";
import { dayFormatter, formatter, localTime } from "./intl.ts";
import { type MoneyFormat, moneyFormat } from "./money.ts";

/** Days are `YYYY-MM-DD`, in UTC. Ratios: 0.12 is 12 %. */
export interface Format {
  money: MoneyFormat;
  count(value: number): string;
  /** `12K`, for axes. */
  shortCount(value: number): string;
  percent(ratio: number): string;
  /** `24 Nov` */
  day(day: string): string;
  /** `24 Nov 2026` */
  date(day: string): string;
  /** `Tue, 24 Nov` */
  weekday(day: string): string;
  /** `November 2026` */
  month(day: string): string;
  /** An instant in the reader's own time zone, `Nov 30, 4:00 PM`; in the browser only. */
  localTime(ms: number): string;
}

export function formatFor(locale: string): Format {
  const dayText = (options: Intl.DateTimeFormatOptions) => (day: string) =>
    dayFormatter(locale, options).format(startOf(day));
  return {
    money: moneyFormat(locale),
    count: (value) => formatter(locale, { maximumFractionDigits: 0 }).format(value),
    shortCount: (value) =>
      formatter(locale, { notation: "compact", maximumSignificantDigits: 3 }).format(value),
    percent: (ratio) =>
      formatter(locale, { style: "percent", maximumFractionDigits: Math.abs(ratio) < 0.01 ? 1 : 0 }).format(
        ratio,
      ),
    day: dayText({ day: "numeric", month: "short" }),
    date: dayText({ day: "numeric", month: "short", year: "numeric" }),
    weekday: dayText({ weekday: "short", day: "numeric", month: "short" }),
    month: dayText({ month: "long", year: "numeric" }),
    localTime: (ms) =>
      localTime(locale, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" }, ms),
  };
}

const FormatContext = createContext<Format>(formatFor("en-US"));

export function FormatProvider({ locale, children }: { locale: string; children: ReactNode }) {
  return (
    <FormatContext.Provider value={useMemo(() => formatFor(locale), [locale])}>
      {children}
    </FormatContext.Provider>
  );
}

export const useFormat = () => useContext(FormatContext);
