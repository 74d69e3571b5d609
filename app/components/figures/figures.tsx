/** The four figures of the month. Each takes the numbers it shows and nothing else, and renders for nothing else. */
import { memo, type ReactNode } from "react";
import type { MonthEnd, SpendPace } from "#app/usage/forecast.ts";
import { useFormat } from "../format.tsx";
import { text } from "../text.ts";
import { Figure } from "./figure.tsx";

export function Figures({ children }: { children: ReactNode }) {
  return (
    <section aria-label={text.figures.heading}>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line shadow-card lg:grid-cols-[1.5fr_1fr_1fr_1.25fr]">
        {children}
      </dl>
    </section>
  );
}

/** `change` is this month against last month up to the same point; null when they cannot be compared. */
export const SpendFigure = memo(function SpendFigure({
  spendUsd,
  change,
}: {
  spendUsd: number;
  change: number | null;
}) {
  const { money } = useFormat();
  const { before, fine, after } = money.split(spendUsd);
  return (
    <Figure main label={text.figures.spend} note={<Change ratio={change} />}>
      {before}
      {fine && <span className="text-muted">{fine}</span>}
      {after}
    </Figure>
  );
});

function Change({ ratio }: { ratio: number | null }) {
  const { percent } = useFormat();
  if (ratio === null) return null;
  if (Math.abs(ratio) < 0.005) return text.figures.same;
  return ratio > 0 ? text.figures.more(percent(ratio)) : text.figures.less(percent(-ratio));
}

export const RequestsFigure = memo(function RequestsFigure({ requestCount }: { requestCount: number }) {
  const { count } = useFormat();
  return (
    <Figure label={text.figures.requests} note={text.figures.thisMonth}>
      {count(requestCount)}
    </Figure>
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
  return (
    <Figure
      label={text.figures.average}
      note={requestCount > 0 ? text.figures.perRequest : text.figures.noRequests}
    >
      {requestCount > 0 ? money.amount(rounded(spendUsd / requestCount)) : text.figures.none}
    </Figure>
  );
});

/** Two digits that matter are enough for an average; more would flicker at every poll. */
const rounded = (usd: number) => Number(usd.toPrecision(3));

export const MonthEndFigure = memo(function MonthEndFigure({
  end,
  basis,
  days,
}: {
  end: MonthEnd | null;
  basis: SpendPace["basis"] | null;
  days: number;
}) {
  const { money, count } = useFormat();
  if (!end)
    return (
      <Figure label={text.figures.monthEnd} note={text.figures.tooEarly}>
        {text.figures.none}
      </Figure>
    );
  const { lowUsd, highUsd } = end;
  const range =
    lowUsd !== null && highUsd !== null && highUsd - lowUsd > 0.02 * end.usd
      ? text.figures.range(money.amount(lowUsd), money.amount(highUsd))
      : null;
  return (
    <Figure label={text.figures.monthEnd} note={range}>
      {money.amount(end.usd)}
      <span className="sr-only">
        {basis === "month_average" ? text.figures.byMonthAverage : text.figures.byRecentDays(count(days))}
      </span>
    </Figure>
  );
});
