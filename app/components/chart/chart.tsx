import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import type { DailyUsage } from "#app/ringside/contract.ts";
import { useFormat } from "../format.tsx";
import { text } from "../text.ts";
import { heightOf, scaleFor } from "./scale.ts";
import { type MarksProps, type Metric, metricOf, valueText } from "./view.ts";

// A chunk that does not arrive (a lost network, a new release) leaves the bars where they are.
const Line = lazy(() => import("./line.tsx").catch(() => ({ default: Bars })));

/** Bars from the server, a line once its chunk is here; on a phone not before the user scrolls near. */
export function Chart({ days, metric }: { days: DailyUsage[]; metric: Metric }) {
  const [place, near] = useNear();
  const values = days.map((day) => metricOf(day, metric));
  const scale = scaleFor(values, metric === "requests");
  const marks = { days, metric, scale };
  const bars = <Bars {...marks} />;
  return (
    <div ref={place}>
      <Plot {...marks}>
        {/* No boundary before hydration ends: an update from the first poll would interrupt the boundary's own. */}
        {near ? (
          <Suspense fallback={bars}>
            <div className="print:invisible print:absolute print:inset-0 print:overflow-hidden">
              <Line {...marks} />
            </div>
            {/* The line keeps the width of the screen, and may not become empty; bars take the paper's width. */}
            <div className="hidden print:block">{bars}</div>
          </Suspense>
        ) : (
          bars
        )}
        {values.every((value) => value === 0) && (
          <p className="absolute inset-x-0 top-1/2 mx-auto w-fit -translate-y-1/2 bg-surface px-3">
            {text.chart.nothing}
          </p>
        )}
      </Plot>
    </div>
  );
}

/** Whether the element is in view or about to be; false on the server and in the first render. */
function useNear() {
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        setNear(true);
        observer.disconnect();
      },
      { rootMargin: "100px" },
    );
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return [place, near] as const;
}

/**
 * The frame of the chart in plain HTML: axis labels and grid lines. The bars and, later, the line are drawn
 * inside the same rectangle on the same scale, so nothing moves when the line replaces the bars.
 */

function Plot({ days, metric, scale, children }: MarksProps & { children: ReactNode }) {
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
            className={`absolute inset-x-0 border-t ${tick === 0 ? "border-edge" : "border-line"}`}
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

/** The days as bars of plain CSS: rendered on the server, readable without scripts. Today is hatched. */
function Bars({ days, metric, scale }: MarksProps) {
  const format = useFormat();
  const zero = heightOf(0, scale);
  return (
    <div
      role="img"
      aria-label={text.chart.heading[metric]}
      className="forced-color-adjust-none absolute inset-0 grid [print-color-adjust:exact]"
      // A browser paints what it has parsed so far: with implicit columns the first few bars would be wide.
      style={{ gridTemplateColumns: `repeat(${days.length}, 1fr)` }}
    >
      {days.map((day, index) => {
        const top = heightOf(metricOf(day, metric), scale);
        const open = index === days.length - 1;
        return (
          <div
            key={day.date}
            data-bar={day.date}
            title={`${format.weekday(day.date)}: ${valueText(day, metric, format)}`}
            className="relative"
          >
            <div
              className={`absolute inset-x-[14%] mx-auto max-w-9 rounded-t-[2px] ${open ? "hatched border border-accent text-accent" : "bg-accent"}`}
              style={{ bottom: `${Math.min(zero, top)}%`, height: `${Math.abs(top - zero)}%` }}
            />
          </div>
        );
      })}
    </div>
  );
}
