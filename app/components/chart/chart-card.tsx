import { useSearchParams } from "@remix-run/react";
import { useMemo } from "react";
import type { DailyUsage } from "#app/ringside/contract.ts";
import type { LiveReason } from "#app/usage/state.ts";
import { type Format, useFormat } from "../format.tsx";
import { text } from "../text.ts";
import { button } from "../ui/button.ts";
import { Card, CardHeading } from "../ui/card.tsx";
import { ChevronIcon } from "../ui/icons.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { Chart } from "./chart.tsx";
import { ExportCsv } from "./export-csv.tsx";
import { NoChart } from "./no-chart.tsx";
import { UsageTable } from "./usage-table.tsx";
import { daysIn, metricOf, metrics, ranges, searchFor, type View, viewOf } from "./view.ts";

/** The daily figures: chart, table and file. `today` is a UTC day. */
export function ChartCard({
  daily,
  dailyReason,
  today,
}: {
  daily: readonly DailyUsage[] | null;
  dailyReason: LiveReason | null;
  today: string;
}) {
  const [search] = useSearchParams();
  const view = viewOf(search);
  const { range } = view;
  const days = useMemo(() => daily && daysIn(range, daily, today), [daily, range, today]);
  return (
    <Card labelledBy="chart" className="p-4 sm:p-6">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div>
          <CardHeading id="chart">{text.chart.heading[view.metric]}</CardHeading>
          <p className="mt-0.5 min-h-5 text-muted">{days && <Total days={days} view={view} />}</p>
        </div>
        <Controls view={view} search={search} />
      </div>
      <div className="mt-6">
        {days ? <Chart days={days} metric={view.metric} /> : <NoChart reason={dailyReason} />}
      </div>
      {days && (
        <>
          <p className="mt-3 text-muted text-xs">{dailyReason ? text.chart.stale : text.chart.note}</p>
          <Details days={days} caption={text.chart.heading[view.metric]} />
        </>
      )}
    </Card>
  );
}

function Controls({ view, search }: { view: View; search: URLSearchParams }) {
  return (
    <div className="flex flex-wrap gap-2">
      <Segmented
        label={text.chart.metric}
        options={metrics.map((metric) => ({
          label: text.chart.metrics[metric],
          search: searchFor({ ...view, metric }, search),
          current: metric === view.metric,
        }))}
      />
      <Segmented
        label={text.chart.range}
        options={ranges.map((range) => ({
          label: text.chart.ranges[range],
          search: searchFor({ ...view, range }, search),
          current: range === view.range,
        }))}
      />
    </div>
  );
}

function Total({ days, view }: { days: DailyUsage[]; view: View }): string {
  const format = useFormat();
  const total = days.reduce((sum, day) => sum + metricOf(day, view.metric), 0);
  return text.chart.total(totalText(total, view, format), text.chart.span[view.range]);
}

function totalText(total: number, { metric }: View, { money, count }: Format): string {
  if (metric === "spend") return money.amount(total);
  return total === 1 ? text.chart.request(count(1)) : text.chart.requests(count(total));
}

function Details({ days, caption }: { days: DailyUsage[]; caption: string }) {
  return (
    <div className="relative mt-4">
      <details className="group">
        <summary className={`${button.quiet} -ml-3 list-none`}>
          <ChevronIcon className="transition-transform group-open:rotate-90 motion-reduce:transition-none" />
          {text.chart.table}
        </summary>
        {/* Focusable, because a box that scrolls must be reachable by keyboard. */}
        <section
          aria-label={text.chart.tableOf(caption)}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: see above (axe: scrollable-region-focusable)
          tabIndex={0}
          className="mt-2 max-h-96 overflow-auto rounded-md border border-line"
        >
          <UsageTable days={days} caption={caption} />
        </section>
      </details>
      <div className="absolute top-0 right-0">
        <ExportCsv days={days} />
      </div>
    </div>
  );
}
