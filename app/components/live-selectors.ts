/** The page's view model: what each part of it derives from the live snapshot, as little as it shows. */
import { budgetPeriod, spendSince } from "#app/usage/budget-period.ts";
import { everyDay, monthStart, nextMonthStart, utcDay } from "#app/usage/days.ts";
import { changeOnLastMonth, type MonthSoFar, monthEnd, spendPace } from "#app/usage/forecast.ts";
import type { LiveSnapshot } from "#app/usage/state.ts";

const HOUR_MS = 3_600_000;

/** When the figures were confirmed, on Ringside's clock: the calendar must not depend on this browser's. */
const ringsideTime = ({ updatedAt, serverAheadMs }: LiveSnapshot) => updatedAt + serverAheadMs;

/** The clock of every forecast, on the hour: a finer one would render them at every poll. */
export const hourOf = (live: LiveSnapshot) => Math.floor(ringsideTime(live) / HOUR_MS) * HOUR_MS;

export const todayOf = (live: LiveSnapshot) => utcDay(ringsideTime(live));

export const stateOf = ({ phase, reason }: LiveSnapshot) => ({ phase, reason });

/** Only a page that is reconnecting shows its next try. */
export const nextTryOf = ({ phase, nextAt }: LiveSnapshot) => (phase === "reconnecting" ? nextAt : null);

const monthOf = (live: LiveSnapshot): MonthSoFar => ({
  spendUsd: live.customer.spendUsd,
  daily: live.daily,
  now: hourOf(live),
});

export const paceOf = (live: LiveSnapshot) => spendPace(monthOf(live));

/** A day without requests has no row and is zero; null while there are no daily figures. */
function usageOfToday(live: LiveSnapshot) {
  const today = todayOf(live);
  return live.daily && (everyDay(live.daily, today, today)[0] ?? null);
}

export const spendOf = (live: LiveSnapshot) => ({
  spendUsd: live.customer.spendUsd,
  change: changeOnLastMonth(monthOf(live)),
  todayUsd: usageOfToday(live)?.spendUsd ?? null,
});

export const requestsOf = (live: LiveSnapshot) => ({
  requestCount: live.customer.requestCount,
  today: usageOfToday(live)?.requestCount ?? null,
});

export const averageOf = ({ customer: { spendUsd, requestCount } }: LiveSnapshot) => ({
  spendUsd,
  requestCount,
});

export function monthEndOf(live: LiveSnapshot) {
  const pace = paceOf(live);
  return pace && monthEnd(live.customer.spendUsd, pace, hourOf(live));
}

export function methodOf(live: LiveSnapshot) {
  const pace = paceOf(live);
  return pace && { basis: pace.basis, days: pace.days };
}

export const limitsOf = ({ customer }: LiveSnapshot) => ({
  budgets: customer.budgets.length,
  hasWallet: customer.walletUsd !== null,
});

/** A budget with the spend of its own period: its row's, else the sum of the daily figures, else unknown. */
export function budgetOf(live: LiveSnapshot, index: number) {
  const budget = live.customer.budgets[index];
  if (!budget) return null;
  const today = todayOf(live);
  const period = budgetPeriod(budget.period, today);
  const counted = period && live.daily && spendSince(live.daily, period.from, today);
  return {
    label: budget.label,
    limitUsd: budget.limitUsd,
    spentUsd: budget.spentUsd ?? counted,
    resetsOn: period?.resetsOn ?? null,
    rollingDays: period?.rollingDays ?? null,
    monthly: period?.from === monthStart(today) && period.resetsOn === nextMonthStart(today),
  };
}

/** The Customer id while there is no usage yet, else null. */
export const newcomerOf = ({ customer, daily }: LiveSnapshot) =>
  customer.requestCount === 0 && customer.spendUsd === 0 && daily?.length === 0 ? customer.id : null;

export const daysOf = (live: LiveSnapshot) => ({
  daily: live.daily,
  dailyReason: live.dailyReason,
  today: todayOf(live),
});
