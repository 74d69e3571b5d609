import { useFormat } from "../format.tsx";
import { text } from "../text.ts";
import { valueText } from "./day-label.ts";
import type { MarksProps } from "./plot.tsx";
import { heightOf } from "./scale.ts";
import { metricOf } from "./view.ts";

/** The days as bars of plain CSS: made on the server, readable without scripts. Today is hatched. */
export default function Bars({ days, metric, scale }: MarksProps) {
  const format = useFormat();
  const zero = heightOf(0, scale);
  return (
    <div
      role="img"
      aria-label={text.chart.heading[metric]}
      className="forced-color-adjust-none absolute inset-0 grid"
      // A browser paints what it has read so far: with columns made by the bars themselves, the first few would be wide.
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
