/**
 * The components that read the live snapshot, each with a selector (live-selectors.ts) as small as what it shows:
 * a poll that changes one figure renders that figure alone.
 */
import { useLocation } from "@remix-run/react";
import { useEffect, useState } from "react";
import { nextMonthStart, startOf } from "#app/usage/days.ts";
import { useLiveUsage } from "#app/usage/use-live-usage.tsx";
import { BudgetRow } from "./budget.tsx";
import { ChartCard } from "./chart/chart-card.tsx";
import { AverageFigure, Figures, Method, MonthEndFigure, RequestsFigure, SpendFigure } from "./figures.tsx";
import { FirstCall } from "./first-call.tsx";
import { useFormat } from "./format.tsx";
import * as select from "./live-selectors.ts";
import { Age, NextTry, Phase, Problem, Why } from "./status.tsx";
import { text } from "./text.ts";
import { Card, CardHeading } from "./ui.tsx";
import { Wallet } from "./wallet.tsx";

/** An instant in the reader's time zone; null in UTC itself, and until hydration, since the server knows no zone. */
function useLocalTime(ms: number): string | null {
  const { localTime } = useFormat();
  const [hydrated, setHydrated] = useState(false);
  useEffect(() => setHydrated(true), []);
  return hydrated && new Date(ms).getTimezoneOffset() !== 0 ? localTime(ms) : null;
}

/** Which month this is; a page may be left open into the next one. */
export function LivePeriod() {
  const { day, month } = useFormat();
  const today = useLiveUsage(select.todayOf);
  const reset = nextMonthStart(today);
  const local = useLocalTime(startOf(reset));
  return (
    <p className="text-muted">
      {text.page.period(month(today), day(reset))}
      {local && ` ${text.page.localReset(local)}`}
    </p>
  );
}

/** The second line keeps its height while it is empty, so that a short failure does not shift the layout. */
export function LiveStatus() {
  return (
    <div className="flex flex-col text-muted sm:flex-col-reverse sm:text-right">
      <p className="needs-scripts until-late">
        <LivePhase /> <span aria-hidden="true">·</span> <LiveAge />
      </p>
      <p className="needs-scripts until-late text-[0.8125rem] sm:min-h-5">
        <LiveWhy /> <LiveNextTry />
      </p>
      <p className="needs-scripts once-late">{text.scriptsLate}</p>
      <noscript>{text.noScripts}</noscript>
    </div>
  );
}

const LivePhase = () => <Phase phase={useLiveUsage((live) => live.phase)} />;
const LiveAge = () => <Age updatedAt={useLiveUsage((live) => live.updatedAt)} />;
const LiveWhy = () => <Why {...useLiveUsage(select.stateOf)} />;

function LiveNextTry() {
  const nextAt = useLiveUsage(select.nextTryOf);
  return nextAt && <NextTry nextAt={nextAt} />;
}

export function LiveProblem() {
  const { pathname, search } = useLocation();
  return <Problem {...useLiveUsage(select.stateOf)} here={pathname + search} />;
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

const LiveSpend = () => <SpendFigure {...useLiveUsage(select.spendOf)} />;
const LiveRequests = () => <RequestsFigure {...useLiveUsage(select.requestsOf)} />;
const LiveAverage = () => <AverageFigure {...useLiveUsage(select.averageOf)} />;
const LiveMonthEnd = () => <MonthEndFigure end={useLiveUsage(select.monthEndOf)} />;

function LiveMethod() {
  const method = useLiveUsage(select.methodOf);
  return method && <Method {...method} />;
}

/** Nothing when there is neither a budget nor a wallet. */
export function LiveLimits() {
  const { budgets, hasWallet } = useLiveUsage(select.limitsOf);
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
  const budget = useLiveUsage((live) => select.budgetOf(live, index));
  const pace = useLiveUsage(select.paceOf);
  const now = useLiveUsage(select.hourOf);
  return budget ? <BudgetRow budget={budget} pace={pace} now={now} /> : null;
}

function LiveWallet() {
  const balanceUsd = useLiveUsage(({ customer }) => customer.walletUsd);
  const pace = useLiveUsage(select.paceOf);
  const now = useLiveUsage(select.hourOf);
  return balanceUsd === null ? null : <Wallet balanceUsd={balanceUsd} pace={pace} now={now} />;
}

/** The chart, or how to make the first request while there is nothing to draw. */
export function LiveChart({ ringsideUrl }: { ringsideUrl: string }) {
  const newcomer = useLiveUsage(select.newcomerOf);
  return newcomer ? <FirstCall customerId={newcomer} ringsideUrl={ringsideUrl} /> : <LiveDays />;
}

const LiveDays = () => <ChartCard {...useLiveUsage(select.daysOf)} />;
