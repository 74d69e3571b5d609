/**
 * Where the live figures meet the page: every selection from the store is here, each as small as what it feeds,
 * so that a poll that changes one figure renders that figure and nothing else.
 */

import { utcDay } from "#app/usage/days.ts";
import { changeOnLastMonth, monthEnd, type SpendPace, spendPace } from "#app/usage/forecast.ts";
import type { LiveSnapshot } from "#app/usage/live-state.ts";
import { useLiveUsage } from "#app/usage/use-live-usage.tsx";
import { ChartCard } from "./chart/chart-card.tsx";
import { BudgetRow } from "./figures/budget.tsx";
import { AverageFigure, Figures, MonthEndFigure, RequestsFigure, SpendFigure } from "./figures/figures.tsx";
import { Wallet } from "./figures/wallet.tsx";
import { FirstCall } from "./first-call.tsx";
import { Age } from "./status/age.tsx";
import { Problem } from "./status/problem.tsx";
import { StatusLine } from "./status/status-line.tsx";
import { text } from "./text.ts";
import { Card, CardHeading } from "./ui/card.tsx";

const HOUR_MS = 3_600_000;

/** The clock of every forecast, on the hour: a finer one would redraw them at every poll for nothing. */
const hourOf = ({ updatedAt }: LiveSnapshot) => Math.floor(updatedAt / HOUR_MS) * HOUR_MS;
const dayOf = ({ updatedAt }: LiveSnapshot) => utcDay(updatedAt);
const spendOf = ({ customer }: LiveSnapshot) => customer.spendUsd;
const requestsOf = ({ customer }: LiveSnapshot) => customer.requestCount;
const monthOf = (live: LiveSnapshot) => ({
  spendUsd: live.customer.spendUsd,
  daily: live.daily,
  now: hourOf(live),
});
const paceOf = (live: LiveSnapshot): SpendPace | null => spendPace(monthOf(live));

export function LiveStatus() {
  const phase = useLiveUsage((live) => live.phase);
  return <StatusLine phase={phase} />;
}

export function LiveAge() {
  return <Age updatedAt={useLiveUsage((live) => live.updatedAt)} />;
}

export function LiveProblem() {
  const { phase, reason, nextAt } = useLiveUsage(({ phase, reason, nextAt }) => ({
    phase,
    reason,
    // While all is well it changes at every poll and nobody sees it.
    nextAt: phase === "reconnecting" ? nextAt : null,
  }));
  return <Problem phase={phase} reason={reason} nextAt={nextAt} />;
}

export function LiveFigures() {
  return (
    <Figures>
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
  }));
  return <SpendFigure {...figure} />;
}

function LiveRequests() {
  return <RequestsFigure requestCount={useLiveUsage(requestsOf)} />;
}

function LiveAverage() {
  return <AverageFigure spendUsd={useLiveUsage(spendOf)} requestCount={useLiveUsage(requestsOf)} />;
}

function LiveMonthEnd() {
  const figure = useLiveUsage((live) => {
    const pace = paceOf(live);
    return {
      end: pace && monthEnd(spendOf(live), pace, hourOf(live)),
      basis: pace?.basis ?? null,
      days: pace?.days ?? 0,
    };
  });
  return <MonthEndFigure {...figure} />;
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
        <Card labelledBy="budgets" className="grow-2 basis-96 p-5 sm:p-6">
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
        <Card labelledBy="wallet" className="grow basis-64 p-5 sm:p-6">
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
