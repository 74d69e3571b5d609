import { lazy, Suspense, useEffect, useRef, useState } from "react";
import type { DailyUsage } from "#app/ringside/contract.ts";
import { text } from "../text.ts";
import Bars from "./bars.tsx";
import { Plot } from "./plot.tsx";
import { scaleFor } from "./scale.ts";
import { type Metric, metricOf } from "./view.ts";

// A chunk that does not arrive (a lost network, a new release) leaves the bars where they are.
const Line = lazy(() => import("./line.tsx").catch(() => ({ default: Bars })));

/** Bars from the server, a line once its chunk is here; on a phone that is not before somebody scrolls near. */
export function Chart({ days, metric }: { days: DailyUsage[]; metric: Metric }) {
  const [place, near] = useNear();
  const values = days.map((day) => metricOf(day, metric));
  const scale = scaleFor(values, metric === "requests");
  const marks = { days, metric, scale };
  const bars = <Bars {...marks} />;
  return (
    <div ref={place}>
      <Plot {...marks}>
        {/* No boundary before hydration is over: an update from the first poll would break off a boundary's own. */}
        {near ? (
          <Suspense fallback={bars}>
            <Line {...marks} />
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

/** Whether the element is in view or about to be. Never so on the server and in the first render. */
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
