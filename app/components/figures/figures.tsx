/** The four figures of the month. Each takes the numbers it shows, and renders for nothing else. */
import { memo, type ReactNode } from "react";
import type { MonthEnd, SpendPace } from "#app/usage/forecast.ts";
import { useFormat } from "../format.tsx";
import { text } from "../text.ts";
import { Figure } from "./figure.tsx";

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

/** The range, while it is wide enough to mean anything. */
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
