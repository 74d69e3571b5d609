import { memo } from "react";
import { runOutDay, type SpendPace } from "#app/usage/forecast.ts";
import { useFormat } from "./format.tsx";
import { text } from "./text.ts";

/** The prepaid balance, and how long it lasts. */
export const Wallet = memo(function Wallet({
  balanceUsd,
  pace,
  now,
}: {
  balanceUsd: number;
  pace: SpendPace | null;
  now: number;
}) {
  const { money, date } = useFormat();
  const empty = balanceUsd <= 0;
  const out = pace && !empty ? runOutDay(balanceUsd, pace, now) : null;
  const outlook = out ? text.wallet.runsOut(date(out)) : pace ? text.wallet.lasts : text.wallet.topUp;
  return (
    <div>
      <p className="mt-3 font-semibold text-2xl tracking-[-0.025em]">{money.amount(balanceUsd)}</p>
      <p className={`mt-1 text-[0.8125rem] ${empty ? "font-medium text-bad" : "text-muted"}`}>
        {empty ? text.wallet.empty : outlook}
      </p>
    </div>
  );
});
