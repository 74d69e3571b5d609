/**
 * Where the live figures meet the page: every selection from the store is here, each as small as what it feeds,
 * so that a poll that changes one figure renders that figure and nothing else.
 */

import { everyDay, utcDay } from "#app/usage/days.ts";
import { changeOnLastMonth, monthEnd, type SpendPace, spendPace } from "#app/usage/forecast.ts";
import type { LiveSnapshot } from "#app/usage/live-state.ts";
import { useLiveUsage } from "#app/usage/use-live-usage.tsx";
import { ChartCard } from "./chart/chart-card.tsx";
import { BudgetRow } from "./figures/budget.tsx";
import {
  AverageFigure,
  Figures,
  Method,
  MonthEndFigure,
  RequestsFigure,
  SpendFigure,
} from "./figures/figures.tsx";
import { Wallet } from "./figures/wallet.tsx";
import { FirstCall } from "./first-call.tsx";
import { Age, NextTry } from "./status/age.tsx";
import { Problem } from "./status/problem.tsx";
import { Phase, Why } from "./status/status-line.tsx";
import { text } from "./text.ts";
import { Card, CardHeading } from "./ui/card.tsx";

const HOUR_MS = 3_600_000;

/** The clock of every forecast, on the hour: a finer one would redraw them at every poll for nothing. */
const hourOf = ({ updatedAt }: LiveSnapshot) => Math.floor(updatedAt / HOUR_MS) * HOUR_MS;
const dayOf = ({ updatedAt }: LiveSnapshot) => utcDay(updatedAt);
const stateOf = ({ phase, reason }: LiveSnapshot) => ({ phase, reason });
const spendOf = ({ customer }: LiveSnapshot) => customer.spendUsd;
const requestsOf = ({ customer }: LiveSnapshot) => customer.requestCount;
const monthOf = (live: LiveSnapshot) => ({
  spendUsd: live.customer.spendUsd,
  daily: live.daily,
  now: hourOf(live),
});
/** A day without calls has no row; without any rows nothing is known of it. */
const todayOf = (live: LiveSnapshot) => {
  const today = dayOf(live);
  return live.daily && (everyDay(live.daily, today, today)[0] ?? null);
};
const paceOf = (live: LiveSnapshot): SpendPace | null => spendPace(monthOf(live));

/** The second line is there even while it is empty, so that a hiccup moves nothing. */
export function LiveStatus() {
  return (
    <div className="flex flex-col text-muted sm:flex-col-reverse sm:text-right">
      <p className="needs-scripts">
        <LivePhase /> <span aria-hidden="true">·</span> <LiveAge />
      </p>
      <p className="needs-scripts text-[0.8125rem] sm:min-h-5">
        <LiveWhy /> <LiveNextTry />
      </p>
      <noscript>{text.noScripts}</noscript>
    </div>
  );
}

function LivePhase() {
  return <Phase phase={useLiveUsage((live) => live.phase)} />;
}

function LiveWhy() {
  return <Why {...useLiveUsage(stateOf)} />;
}

function LiveAge() {
  return <Age updatedAt={useLiveUsage((live) => live.updatedAt)} />;
}

function LiveNextTry() {
  // While all is well the next poll is no news.
  const nextAt = useLiveUsage((live) => (live.phase === "reconnecting" ? live.nextAt : null));
  return nextAt && <NextTry nextAt={nextAt} />;
}

export function LiveProblem() {
  return <Problem {...useLiveUsage(stateOf)} />;
}

export function LiveFigures() {
  return (
    <Figures footnote={<LiveMethod />}>
      <LiveSpend />
      <LiveRequests />
      <LiveAverage />
      <LiveMonthEnd />
    </Figures>
  );
}

function LiveSpend() {
  const figure = useLiveUsage((live) => ({
    spendUsd: spendOf(live),
    change: changeOnLastMonth(monthOf(live)),
    todayUsd: todayOf(live)?.spendUsd ?? null,
  }));
  return <SpendFigure {...figure} />;
}

function LiveRequests() {
  const figure = useLiveUsage((live) => ({
    requestCount: requestsOf(live),
    today: todayOf(live)?.requestCount ?? null,
  }));
  return <RequestsFigure {...figure} />;
}

function LiveAverage() {
  return <AverageFigure spendUsd={useLiveUsage(spendOf)} requestCount={useLiveUsage(requestsOf)} />;
}

function LiveMonthEnd() {
  const end = useLiveUsage((live) => {
    const pace = paceOf(live);
    return pace && monthEnd(spendOf(live), pace, hourOf(live));
  });
  return <MonthEndFigure end={end} />;
}

function LiveMethod() {
  const method = useLiveUsage((live) => {
    const pace = paceOf(live);
    return pace && { basis: pace.basis, days: pace.days };
  });
  return method && <Method {...method} />;
}

/** Nothing when there is neither a budget nor a wallet. */
export function LiveLimits() {
  const { budgets, hasWallet } = useLiveUsage(({ customer }) => ({
    budgets: customer.budgets.length,
    hasWallet: customer.walletUsd !== null,
  }));
  if (budgets === 0 && !hasWallet) return null;
  return (
    <div className="flex flex-wrap gap-4 sm:gap-6">
      {budgets > 0 && (
        <Card labelledBy="budgets" className="grow-2 basis-96 p-4 sm:p-6">
          <CardHeading id="budgets">{text.budgets.heading}</CardHeading>
          <div className="mt-4 grid gap-6">
            {Array.from({ length: budgets }, (_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: Ringside gives budgets no ids, and labels may repeat
              <LiveBudget key={index} index={index} />
            ))}
          </div>
        </Card>
      )}
      {hasWallet && (
        <Card labelledBy="wallet" className="grow basis-64 p-4 sm:p-6">
          <CardHeading id="wallet">{text.wallet.heading}</CardHeading>
          <LiveWallet />
        </Card>
      )}
    </div>
  );
}

function LiveBudget({ index }: { index: number }) {
  const budget = useLiveUsage(({ customer }) => customer.budgets[index]);
  const pace = useLiveUsage(paceOf);
  const now = useLiveUsage(hourOf);
  return budget ? <BudgetRow budget={budget} pace={pace} now={now} /> : null;
}

function LiveWallet() {
  const balanceUsd = useLiveUsage(({ customer }) => customer.walletUsd);
  const pace = useLiveUsage(paceOf);
  const now = useLiveUsage(hourOf);
  return balanceUsd === null ? null : <Wallet balanceUsd={balanceUsd} pace={pace} now={now} />;
}

/** The chart, or how to make the first call while there is nothing to draw. */
export function LiveChart({ ringsideUrl }: { ringsideUrl: string }) {
  const { isNew, customerId } = useLiveUsage(({ customer, daily }) => ({
    isNew: customer.requestCount === 0 && customer.spendUsd === 0 && daily?.length === 0,
    customerId: customer.id,
  }));
  return isNew ? <FirstCall customerId={customerId} ringsideUrl={ringsideUrl} /> : <LiveDays />;
}

function LiveDays() {
  const props = useLiveUsage((live) => ({
    daily: live.daily,
    dailyReason: live.dailyReason,
    today: dayOf(live),
  }));
  return <ChartCard {...props} />;
}
