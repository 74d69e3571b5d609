import type { DailyUsage } from "#app/ringside/contract.ts";
import { addDays, everyDay, monthStart } from "#app/usage/days.ts";
import type { Format } from "../format.tsx";
import { text } from "../text.ts";
import type { Scale } from "./scale.ts";

/** The chart's range and metric, as the URL has them: `?range=7d|30d|90d|mtd&metric=spend|requests`. */

export const ranges = ["7d", "30d", "90d", "mtd"] as const;
export const metrics = ["spend", "requests"] as const;
export type Range = (typeof ranges)[number];
export type Metric = (typeof metrics)[number];

export interface View {
  range: Range;
  metric: Metric;
}

/** An unknown value falls back to the default: 30 days of spend. */
export function viewOf(search: URLSearchParams): View {
  const range = search.get("range");
  const metric = search.get("metric");
  return {
    range: ranges.find((known) => known === range) ?? "30d",
    metric: metrics.find((known) => known === metric) ?? "spend",
  };
}

/** The address of a view; `search` is the current one, whose other parameters (`?debug`) stay. */
export function searchFor({ range, metric }: View, search = new URLSearchParams()): string {
  const next = new URLSearchParams(search);
  next.set("range", range);
  next.set("metric", metric);
  return `?${next}`;
}

/** Every UTC day of the range, oldest first; the last one is today, still in progress. */
export function daysIn(range: Range, daily: readonly DailyUsage[], today: string): DailyUsage[] {
  const from = range === "mtd" ? monthStart(today) : addDays(today, 1 - Number.parseInt(range, 10));
  return everyDay(daily, from, today);
}

export const metricOf = (day: DailyUsage, metric: Metric) =>
  metric === "spend" ? day.spendUsd : day.requestCount;

/** One day's value in words: `$3.20`, `1 request`. */
export function valueText(day: DailyUsage, metric: Metric, { money, count }: Format): string {
  if (metric === "spend") return money.amount(day.spendUsd);
  return day.requestCount === 1 ? text.chart.request(count(1)) : text.chart.requests(count(day.requestCount));
}

/** The props of what draws the days: the bars or the line. */
export interface MarksProps {
  days: DailyUsage[];
  metric: Metric;
  scale: Scale;
}
