import type { ReactNode } from "react";
import type { LiveSnapshot } from "#app/usage/state.ts";
import { useLiveUsage } from "#app/usage/use-live-usage.tsx";
import { useFormat } from "./format.tsx";
import { NextTry } from "./status.tsx";
import { Card, CardHeading } from "./ui.tsx";

/** The state of the live engine as codes, for operators: app/usage/state.ts and app/ringside name them. */

/** How a request ended, and when on this browser's clock. */
export interface Outcome {
  kind: string;
  at: number;
}

/** Each null until there was one. */
export interface DebugPanelProps {
  mint: Outcome | null;
  poll: Outcome | null;
}

/** Without the figures, which are on the page already. */
const stateOf = ({ customer: _, daily: __, ...state }: LiveSnapshot) => state;

/** No live region: it changes at every poll, and a screen reader would never stop talking. */
export function DebugPanel({ mint, poll }: DebugPanelProps) {
  const { count } = useFormat();
  const { phase, reason, dailyReason, updatedAt, serverAheadMs, nextAt, counts } = useLiveUsage(stateOf);
  const timeOf = (localMs: number) => clockTime(localMs + serverAheadMs);
  const rows: [name: string, value: ReactNode][] = [
    [debugText.state, phase],
    [debugText.reason, reason ?? debugText.none],
    ...originRow(reason),
    [debugText.daily, dailyReason ?? debugText.fresh],
    [debugText.confirmed, timeOf(updatedAt)],
    [debugText.lastMint, outcomeText(mint, timeOf)],
    [debugText.lastPoll, outcomeText(poll, timeOf)],
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

/** The fix for a refused origin, which only the operator can make. */
function originRow(reason: LiveSnapshot["reason"]): [name: string, value: ReactNode][] {
  return reason === "origin_not_allowed"
    ? [[debugText.origin, debugText.setOrigin(window.location.origin)]]
    : [];
}

const outcomeText = (outcome: Outcome | null, timeOf: (localMs: number) => string) =>
  outcome ? debugText.outcome(outcome.kind, timeOf(outcome.at)) : debugText.none;

/** In UTC and on Ringside's clock, to compare with the server's log. */
const clockTime = (ms: number) => `${new Date(ms).toISOString().slice(11, 19)} UTC`;

const debugText = {
  heading: "Live updates in detail",
  state: "State",
  reason: "Reason",
  origin: "Page origin",
  setOrigin: (origin: string) => `${origin} (set APP_ORIGIN to exactly this)`,
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
