/**
 * The frame of the chart in plain HTML: axis labels and grid lines. The bars and, later, the line are drawn
 * inside the same rectangle on the same scale, so nothing moves when one takes the other's place.
 */
import type { ReactNode } from "react";
import type { DailyUsage } from "#app/ringside/contract.ts";
import { useFormat } from "../format.tsx";
import { text } from "../text.ts";
import { heightOf, type Scale } from "./scale.ts";
import type { Metric } from "./view.ts";

/** What draws the figures: the bars or the line. */
export interface MarksProps {
  days: DailyUsage[];
  metric: Metric;
  scale: Scale;
}

export function Plot({ days, metric, scale, children }: MarksProps & { children: ReactNode }) {
  const { money, shortCount } = useFormat();
  const label = (tick: number) => (metric === "spend" ? money.tick(tick, scale.step) : shortCount(tick));
  return (
    <div className="grid grid-cols-[auto_1fr] gap-x-3 text-muted text-xs">
      <div aria-hidden="true" className="grid h-56 justify-items-end sm:h-64">
        {scale.ticks.map((tick) => (
          <span
            key={tick}
            className="relative h-0 leading-0 [grid-area:1/1]"
            style={{ top: `${100 - heightOf(tick, scale)}%` }}
          >
            {label(tick)}
          </span>
        ))}
      </div>
      <div className="relative h-56 sm:h-64">
        {scale.ticks.map((tick) => (
          <div
            key={tick}
            className={`absolute inset-x-0 h-px ${tick === 0 ? "bg-edge" : "bg-line"}`}
            style={{ bottom: `${heightOf(tick, scale)}%` }}
          />
        ))}
        {children}
      </div>
      <div aria-hidden="true" className="relative col-start-2 mt-2 h-5">
        <DayLabels days={days} />
      </div>
    </div>
  );
}

/** Labels counted back from today, so that today always has one; every other is dropped on a phone. */
function DayLabels({ days }: { days: DailyUsage[] }) {
  const { day: dayText } = useFormat();
  const every = Math.ceil(days.length / 7);
  const last = days.length - 1;
  return days.map(({ date }, index) => {
    const back = last - index;
    if (back % every !== 0) return null;
    const atEdge = back === 0 && every > 1;
    return (
      <span
        key={date}
        className={`absolute whitespace-nowrap ${atEdge ? "right-0" : "-translate-x-1/2"} ${(back / every) % 2 === 1 ? "max-sm:hidden" : ""}`}
        style={atEdge ? undefined : { left: `${((index + 0.5) / days.length) * 100}%` }}
      >
        {back === 0 ? text.chart.today : dayText(date)}
      </span>
    );
  });
}
