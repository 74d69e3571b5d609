import { memo } from "react";
import { nextMonthStart, utcDay } from "#app/usage/days.ts";
import { runOutDay, type SpendPace } from "#app/usage/forecast.ts";
import { type Format, useFormat } from "./format.tsx";
import { text } from "./text.ts";

/** A limit, and the spend of its own period; null when that is not known. */
interface MeasuredBudget {
  label: string;
  limitUsd: number;
  spentUsd: number | null;
  /** The day on which the period starts over, if it does. */
  resetsOn: string | null;
  /** The length of a rolling period in days, else null. */
  rollingDays: number | null;
  monthly: boolean;
}

interface BudgetProps {
  budget: MeasuredBudget;
  pace: SpendPace | null;
  now: number;
}

/** How much of one limit is used, what is left, where it is heading, and when it starts over. */
export const BudgetRow = memo(function BudgetRow({ budget, pace, now }: BudgetProps) {
  const format = useFormat();
  const { label, limitUsd, spentUsd } = budget;
  const limit = format.money.amount(limitUsd);
  const used = usedRatio(budget);
  const level = levelOf(used ?? 0);
  return (
    <div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        {/* Free text: one long word would make the whole page scroll sideways. */}
        <h3 className="wrap-anywhere font-medium">{label}</h3>
        {spentUsd === null ? (
          <p className="text-muted">{text.budgets.limitOnly(limit)}</p>
        ) : (
          <p className="text-muted">
            <span className="font-semibold text-ink">{format.money.amount(spentUsd)}</span>{" "}
            {text.budgets.of(limit)}
          </p>
        )}
      </div>
      {used !== null && <BudgetBar used={used} level={level} />}
      <p className={`text-[0.8125rem] ${tones[level]}`}>{outlook({ budget, pace, now }, used, format)}</p>
      <Reset budget={budget} />
    </div>
  );
});

/** Null when the spend is not known. Without a limit to divide by, everything is used. */
const usedRatio = ({ limitUsd, spentUsd }: MeasuredBudget) =>
  spentUsd === null ? null : limitUsd > 0 ? spentUsd / limitUsd : 1;

/** The colour of the bar and of its sentence: near the limit from 80 %. */
const levelOf = (used: number): Level => (used >= 1 ? "over" : used >= 0.8 ? "near" : "within");

const tones = { within: "text-muted", near: "text-warn", over: "text-bad font-medium" } as const;

function outlook(
  { budget: { limitUsd, spentUsd, monthly }, pace, now }: BudgetProps,
  used: number | null,
  { money, day, percent }: Format,
): string {
  if (spentUsd === null || used === null) return text.budgets.spendUnknown;
  const left = limitUsd - spentUsd;
  if (left < 0) return text.budgets.over(money.amount(-left));
  if (left === 0) return text.budgets.exact;
  const sentences = [
    used < 0.01
      ? text.budgets.hardly(percent(0.01), money.amount(left))
      : text.budgets.left(percent(used), money.amount(left)),
  ];
  // The pace is an average of full days: it says nothing about the rest of a day or a week.
  if (pace && monthly) {
    const out = runOutDay(left, pace, now);
    sentences.push(
      out !== null && out < nextMonthStart(utcDay(now)) ? text.budgets.runsOut(day(out)) : text.budgets.lasts,
    );
  }
  return sentences.join(" ");
}

/** When the period starts over; nothing for a period that is not known. */
function Reset({ budget: { resetsOn, rollingDays } }: { budget: MeasuredBudget }) {
  const { count, day } = useFormat();
  if (resetsOn === null && rollingDays === null) return null;
  return (
    <p className="text-[0.8125rem] text-muted">
      {resetsOn !== null
        ? text.budgets.resets(day(resetsOn))
        : text.budgets.rollingDays(count(rollingDays ?? 0))}
    </p>
  );
}

type Level = "within" | "near" | "over";

/** The longest track, as a ratio of the limit; the sentence below tells the rest. */
const MAX_RATIO = 1.5;

const fills = { within: "bg-accent", near: "bg-warn-mark", over: "bg-bad-mark" } as const;

/**
 * `used` is the ratio of the limit. Beyond 1 the 100 % mark moves left and the excess is hatched.
 * Hidden from screen readers: the sentences around it say everything that it shows.
 */
function BudgetBar({ used, level }: { used: number; level: Level }) {
  const end = Math.min(MAX_RATIO, Math.max(1, used));
  const share = (ratio: number) => `${(Math.max(0, Math.min(ratio, end)) / end) * 100}%`;
  return (
    <div aria-hidden="true" className="pt-2.5 pb-1">
      <div className="relative flex h-2.5 overflow-hidden rounded-full bg-track forced-color-adjust-none [print-color-adjust:exact]">
        <div className={fills[level]} style={{ width: share(Math.min(used, 1)) }} />
        <div className="hatched flex-1 text-bad-mark" hidden={used <= 1} />
        <Mark at={share(0.8)} />
        {used > 1 && <Mark at={share(1)} />}
      </div>
      <div className="relative h-5 text-[0.6875rem] text-muted leading-5">
        <MarkLabel at={share(0.8)} ratio={0.8} />
        <MarkLabel at={share(1)} ratio={1} />
      </div>
    </div>
  );
}

const Mark = ({ at }: { at: string }) => (
  <span className="absolute inset-y-0 -ml-px w-0.5 bg-surface" style={{ left: at }} />
);

function MarkLabel({ at, ratio }: { at: string; ratio: number }) {
  const { percent } = useFormat();
  return (
    <span
      className={`absolute ${at === "100%" ? "-translate-x-full" : "-translate-x-1/2"}`}
      style={{ left: at }}
    >
      {percent(ratio)}
    </span>
  );
}
