import { memo, type ReactNode } from "react";
import type { MonthEnd, SpendPace } from "#app/usage/forecast.ts";
import { useFormat } from "./format.tsx";
import { text } from "./text.ts";

/** The four figures of the month. Each takes only the numbers it shows, so that it renders only for those. */

/** `footnote` says how the projection is made. */
export function Figures({ children, footnote }: { children: ReactNode; footnote: ReactNode }) {
  return (
    <section aria-label={text.figures.heading}>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line shadow-card sm:grid-cols-3 lg:grid-cols-[1.5fr_1fr_1fr_1.3fr]">
        {children}
      </dl>
      {footnote}
    </section>
  );
}

/**
 * `change` is this month against last month up to the same point, null when they cannot be compared; `todayUsd`
 * is what the UTC day that is not over has cost, null when it is not known.
 */
export const SpendFigure = memo(function SpendFigure({
  spendUsd,
  change,
  todayUsd,
}: {
  spendUsd: number;
  change: number | null;
  todayUsd: number | null;
}) {
  const { money, percent } = useFormat();
  const { before, fine, after } = money.split(spendUsd);
  const today = todayUsd === null ? null : text.figures.today(money.amount(todayUsd));
  return (
    <Figure
      name="spend"
      size="large"
      className="col-span-full lg:col-span-1"
      label={text.figures.spend}
      value={before}
      fine={fine}
      after={after}
      note={change === null ? today : text.figures.change(change, percent(Math.abs(change)))}
    />
  );
});

/** `today` is how many of them were made on the UTC day that is not over; null when it is not known. */
export const RequestsFigure = memo(function RequestsFigure({
  requestCount,
  today,
}: {
  requestCount: number;
  today: number | null;
}) {
  const { count } = useFormat();
  return (
    <Figure
      name="requests"
      label={text.figures.requests}
      value={count(requestCount)}
      note={today === null ? text.figures.thisMonth : text.figures.today(count(today))}
    />
  );
});

export const AverageFigure = memo(function AverageFigure({
  spendUsd,
  requestCount,
}: {
  spendUsd: number;
  requestCount: number;
}) {
  const { money } = useFormat();
  const none = requestCount <= 0;
  return (
    <Figure
      name="average"
      label={text.figures.average}
      value={none ? text.figures.none : money.rough(spendUsd / requestCount)}
      note={none ? text.figures.noRequests : text.figures.thisMonth}
    />
  );
});

/** `end` is null while it is too early to tell. */
export const MonthEndFigure = memo(function MonthEndFigure({ end }: { end: MonthEnd | null }) {
  const { money } = useFormat();
  return (
    <Figure
      name="month_end"
      className="max-sm:col-span-full"
      label={text.figures.monthEnd}
      value={end ? money.rough(end.usd) : text.figures.none}
      note={<Range end={end} />}
    />
  );
});

/** The range, unless it is too narrow to be useful. */
function Range({ end }: { end: MonthEnd | null }) {
  const { money } = useFormat();
  if (!end) return text.figures.tooEarly;
  const { usd, lowUsd, highUsd } = end;
  if (lowUsd === null || highUsd === null || highUsd - lowUsd <= 0.02 * usd) return null;
  return text.figures.range(money.rough(lowUsd), money.rough(highUsd));
}

/** How the projection is made, in words. */
export function Method({ basis, days }: Pick<SpendPace, "basis" | "days">) {
  const { count } = useFormat();
  return (
    <p className="mt-2 px-1 text-muted text-xs">
      {basis === "month_average" ? text.figures.byMonthAverage : text.figures.byRecentDays(count(days))}
    </p>
  );
}

/** Where all four are in one row, every line has the height of the large one, so that they share a baseline. */
const sizes = {
  large: { line: "text-[2.5rem] leading-11", rem: 2.5 },
  normal: { line: "text-2xl leading-9 lg:text-[2.5rem] lg:leading-11", rem: 1.5 },
} as const;

/** A character is some 0.6 em wide: in a box of 100 cqi, n of them fit at 160 / n cqi. */
const FITTING = 160;

/** One figure: label, value and note. The note keeps its line while it is empty. */
function Figure({
  name,
  label,
  value,
  fine = "",
  after = "",
  note,
  size = "normal",
  className = "",
}: {
  /** For scripts that read the page: tests, and pages that embed it. */
  name: "spend" | "requests" | "average" | "month_end";
  label: string;
  value: string;
  /** Digits after the value that matter less. */
  fine?: string;
  after?: string;
  note: ReactNode;
  size?: keyof typeof sizes;
  className?: string;
}) {
  const { line, rem } = sizes[size];
  const length = value.length + fine.length + after.length;
  return (
    <div className={`@container bg-surface p-4 sm:px-6 sm:py-5 ${className}`}>
      <dt className="font-medium text-[0.8125rem] text-muted">{label}</dt>
      <dd data-figure={name} className={`mt-1 whitespace-nowrap font-semibold tracking-[-0.025em] ${line}`}>
        {/* Long amounts shrink instead of being cut off. */}
        <bdi className="leading-none" style={{ fontSize: `min(${rem}rem, ${FITTING / length}cqi)` }}>
          {value}
          {fine && <span className="text-[0.6em] text-muted">{fine}</span>}
          {after}
        </bdi>
      </dd>
      <dd className="mt-0.5 min-h-5 text-[0.8125rem] text-muted">{note}</dd>
    </div>
  );
}
