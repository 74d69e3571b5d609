import { memo } from "react";
import type { DailyUsage } from "#app/ringside/contract.ts";
import { useFormat } from "../format.tsx";
import { text } from "../text.ts";

/** The chart's figures as a table, newest first: exact, and readable by screen readers. */
export const UsageTable = memo(function UsageTable({
  days,
  caption,
}: {
  days: DailyUsage[];
  caption: string;
}) {
  const { money, count, weekday } = useFormat();
  const head = "px-3 py-2 text-right font-medium first:text-left sm:px-4";
  const cell = "px-3 py-2 text-right sm:px-4";
  return (
    <table className="w-full border-collapse whitespace-nowrap text-[0.8125rem]">
      <caption className="sr-only">{caption}</caption>
      <thead className="sticky top-0 bg-sunken text-muted">
        <tr>
          <th scope="col" className={head}>
            {text.chart.day}
          </th>
          <th scope="col" className={head}>
            {text.chart.metrics.spend}
          </th>
          <th scope="col" className={head}>
            {text.chart.metrics.requests}
          </th>
          <th scope="col" className={`${head} max-sm:hidden`}>
            {text.chart.average}
          </th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {days.toReversed().map((day, index) => (
          <tr key={day.date}>
            <th scope="row" className="px-3 py-2 text-left font-normal sm:px-4">
              {weekday(day.date)}
              {index === 0 && <span className="text-muted max-sm:block"> ({text.chart.soFar})</span>}
            </th>
            <td className={cell}>{money.amount(day.spendUsd)}</td>
            <td className={cell}>{count(day.requestCount)}</td>
            <td className={`${cell} max-sm:hidden`}>
              {day.requestCount > 0 ? money.rough(day.spendUsd / day.requestCount) : text.figures.none}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
});
