import type { ReactNode } from "react";
import type { LiveSnapshot } from "#app/usage/state.ts";
import { useLiveUsage } from "#app/usage/use-live-usage.tsx";
import { useFormat } from "./format.tsx";
import { NextTry } from "./status.tsx";
import { Card, CardHeading } from "./ui.tsx";

/** The live loop in its own words: the codes of live-state.ts and fetch-json.ts, not those for users. */

/** How a call ended, and when on this browser's clock. */
export interface Outcome {
  kind: string;
  at: number;
}

/** Each null until there was one. */
export interface DebugPanelProps {
  mint: Outcome | null;
  poll: Outcome | null;
}

/** All but the figures: they are on the page already, and comparing 90 days at every poll is for nothing. */
const stateOf = ({ customer: _, daily: __, ...state }: LiveSnapshot) => state;

/** No live region: it changes at every poll, and would never stop talking. */
export function DebugPanel({ mint, poll }: DebugPanelProps) {
  const { count } = useFormat();
  const { phase, reason, dailyReason, updatedAt, nextAt, counts } = useLiveUsage(stateOf);
  const rows: [name: string, value: ReactNode][] = [
    [debugText.state, phase],
    [debugText.reason, reason ?? debugText.none],
    [debugText.daily, dailyReason ?? debugText.fresh],
    [debugText.confirmed, clockTime(updatedAt)],
    [debugText.lastMint, outcomeText(mint)],
    [debugText.lastPoll, outcomeText(poll)],
    [debugText.next, nextAt === null ? debugText.none : <NextTry key="next" nextAt={nextAt} />],
    [debugText.counts, debugText.counted(count(counts.polls), count(counts.mints), count(counts.usage))],
  ];
  return (
    <Card labelledBy="debug" className="p-4 sm:p-6">
      <CardHeading id="debug">{debugText.heading}</CardHeading>
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-6 gap-y-1 text-[0.8125rem]">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

const outcomeText = (outcome: Outcome | null) =>
  outcome ? debugText.outcome(outcome.kind, clockTime(outcome.at)) : debugText.none;

/** In UTC, as the server's log is. */
const clockTime = (ms: number) => `${new Date(ms).toISOString().slice(11, 19)} UTC`;

/** The words of the debug panel, loaded with it. */
const debugText = {
  heading: "Live updates in detail",
  state: "State",
  reason: "Reason",
  daily: "Daily figures",
  fresh: "fresh",
  confirmed: "Figures confirmed",
  lastMint: "Last mint",
  lastPoll: "Last poll",
  next: "Next poll",
  counts: "Since the page was opened",
  none: "–",
  outcome: (kind: string, at: string) => `${kind} at ${at}`,
  counted: (polls: string, mints: string, usage: string) =>
    `polls ${polls}, mints ${mints}, daily figures ${usage}`,
} as const;
