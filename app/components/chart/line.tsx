/** The line chart. The only file that imports Recharts, so that its 100 kB are one chunk, loaded last. */
import { Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { type Format, useFormat } from "../format.tsx";
import { text } from "../text.ts";
import { heightOf, type Scale } from "./scale.ts";
import { type MarksProps, metricOf, valueText } from "./view.ts";

interface Row {
  index: number;
  title: string;
  words: string;
  /** The days that are over; null for today. */
  closed: number | null;
  /** Yesterday and today, for the dashed end of the line; null before. */
  open: number | null;
}

/** Above this many days, dots are noise. */
const MAX_DOTS = 14;

export default function UsageLine({ days, metric, scale }: MarksProps) {
  const rows = rowsFor({ days, metric, scale }, useFormat());
  const half = 0.5;
  const dot = { r: 2.5, fill: "var(--color-accent)", strokeWidth: 0 };
  const activeDot = { r: 5, fill: "var(--color-accent)", stroke: "var(--color-surface)", strokeWidth: 2 };
  return (
    <div className="absolute inset-0 [&_.recharts-surface]:overflow-visible">
      <Area rows={rows} scale={scale} />
      <ResponsiveContainer width="100%" height="100%">
        <LineChart data={rows} margin={{ top: 0, right: 0, bottom: 0, left: 0 }} aria-label={text.chart.keys}>
          <XAxis type="number" dataKey="index" domain={[-half, rows.length - half]} hide />
          <YAxis domain={[scale.min, scale.max]} hide />
          <Tooltip
            content={<Bubble />}
            cursor={{ stroke: "var(--color-edge)" }}
            isAnimationActive={false}
            allowEscapeViewBox={{ x: false, y: true }}
          />
          <Line
            dataKey="open"
            stroke="var(--color-accent)"
            strokeWidth={2}
            strokeDasharray="0.1 5"
            strokeLinecap="round"
            dot={<TodayDot last={rows.length - 1} />}
            activeDot={activeDot}
            isAnimationActive={false}
          />
          <Line
            dataKey="closed"
            stroke="var(--color-accent)"
            strokeWidth={2}
            strokeLinejoin="round"
            strokeLinecap="round"
            dot={rows.length <= MAX_DOTS && dot}
            activeDot={activeDot}
            isAnimationActive={false}
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

function rowsFor({ days, metric }: MarksProps, format: Format): Row[] {
  const last = days.length - 1;
  return days.map((day, index) => ({
    index,
    title: index === last ? `${text.chart.today} ${text.chart.soFar}` : format.weekday(day.date),
    words: valueText(day, metric, format),
    closed: index < last ? metricOf(day, metric) : null,
    open: index >= last - 1 ? metricOf(day, metric) : null,
  }));
}

/** A tint below the line: a clipped box is free, while Recharts' own area adds to its chunk. */
function Area({ rows, scale }: { rows: Row[]; scale: Scale }) {
  const points = rows.map(
    ({ index, closed, open }) =>
      `${((index + 0.5) / rows.length) * 100}% ${100 - heightOf(closed ?? open ?? 0, scale)}%`,
  );
  const zero = 100 - heightOf(0, scale);
  const edge = 50 / rows.length;
  return (
    <div
      className="absolute inset-0 bg-linear-to-b from-accent/18 to-accent/2"
      style={{ clipPath: `polygon(${edge}% ${zero}%, ${points.join(", ")}, ${100 - edge}% ${zero}%)` }}
    />
  );
}

/** Hollow, because the day is still in progress. */
function TodayDot({ last, index, cx, cy }: { last: number; index?: number; cx?: number; cy?: number }) {
  if (index !== last) return null;
  return (
    <circle
      cx={cx}
      cy={cy}
      r={3.5}
      fill="var(--color-surface)"
      stroke="var(--color-accent)"
      strokeWidth={2}
    />
  );
}

function Bubble({ active, payload }: { active?: boolean; payload?: readonly { payload?: Row }[] }) {
  const row = active ? payload?.[0]?.payload : undefined;
  return (
    // Assertive: a user who holds an arrow key wants the current day, not every day on the way.
    <div aria-live="assertive">
      {row && (
        <div className="whitespace-nowrap rounded-md bg-surface px-3 py-2 text-ink shadow-float outline outline-transparent">
          <p className="text-muted text-xs">{row.title}</p>
          <p className="font-semibold text-sm">{row.words}</p>
        </div>
      )}
    </div>
  );
}
