import { useSearchParams } from "@remix-run/react";
import { useMemo } from "react";
import type { DailyUsage } from "#app/ringside/contract.ts";
import type { LiveReason } from "#app/usage/state.ts";
import { type Format, useFormat } from "../format.tsx";
import { ChevronIcon } from "../icons.tsx";
import { text } from "../text.ts";
import { button, Card, CardHeading, Segmented } from "../ui.tsx";
import { Chart } from "./chart.tsx";
import { ExportCsv } from "./csv-export.tsx";
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
    <div className="relative mt-4 print:hidden has-open:print:block">
      <details className="group">
        <summary className={`${button.quiet} -ml-3 list-none print:hidden`}>
          <ChevronIcon className="transition-transform group-open:rotate-90 motion-reduce:transition-none" />
          {text.chart.table}
        </summary>
        {/* Focusable, because a box that scrolls must be reachable by keyboard. */}
        <section
          aria-label={text.chart.tableOf(caption)}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: see above (axe: scrollable-region-focusable)
          tabIndex={0}
          className="mt-2 max-h-96 overflow-auto print:max-h-none rounded-md border border-line"
        >
          <UsageTable days={days} caption={caption} />
        </section>
      </details>
      <div className="absolute top-0 right-0 print:hidden">
        <ExportCsv days={days} />
      </div>
    </div>
  );
}

/** In place of the chart: as high as the chart with everything below it, so that the layout does not shift. */
function NoChart({ reason }: { reason: LiveReason | null }) {
  return (
    <div className="relative grid h-[21.5rem] place-content-center rounded-md text-center sm:h-[22.5rem]">
      {reason ? <Unavailable reason={reason} /> : <Loading />}
      <noscript>
        {text.chart.unavailable}. {text.chart.noScripts}
      </noscript>
    </div>
  );
}

function Unavailable({ reason }: { reason: LiveReason }) {
  return (
    <div className="rounded-md border border-edge border-dashed px-6 py-8">
      <p className="font-medium">{text.chart.unavailable}</p>
      <p className="mt-1 text-balance text-muted">
        {text.reason[reason]} {text.chart.goesOn}
      </p>
    </div>
  );
}

/** Placeholder bars. */
function Loading() {
  return (
    <div className="needs-scripts">
      <p className="sr-only">{text.chart.loading}</p>
      <div
        aria-hidden="true"
        className="absolute inset-0 bottom-26 grid animate-pulse grid-cols-[repeat(30,1fr)] items-end gap-1 motion-reduce:animate-none sm:gap-2"
      >
        {Array.from({ length: 30 }, (_, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: they are identical and never move
            key={index}
            className="rounded-t-[2px] bg-sunken"
            style={{ height: `${Math.round(35 + 45 * Math.abs(Math.sin(index * 1.3)))}%` }}
          />
        ))}
      </div>
    </div>
  );
}
