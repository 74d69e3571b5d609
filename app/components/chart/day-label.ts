import type { DailyUsage } from "#app/ringside/contract.ts";
import type { Format } from "../format.tsx";
import { text } from "../text.ts";
import type { Metric } from "./view.ts";

/** One day's value in words: `$3.20`, `1 request`. */
export function valueText(day: DailyUsage, metric: Metric, { money, count }: Format): string {
  if (metric === "spend") return money.amount(day.spendUsd);
  return day.requestCount === 1 ? text.chart.request(count(1)) : text.chart.requests(count(day.requestCount));
}
