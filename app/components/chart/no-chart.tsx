import type { LiveReason } from "#app/usage/state.ts";
import { text } from "../text.ts";

/** In the chart's place: as high as the chart with all below it, so that nothing moves when the figures arrive. */
export function NoChart({ reason }: { reason: LiveReason | null }) {
  return (
    <div className="relative grid h-[21.5rem] place-content-center rounded-md text-center sm:h-[22.5rem]">
      {reason ? <Unavailable reason={reason} /> : <Loading />}
      <noscript>
        {text.chart.unavailable}. {text.chart.noScripts}
      </noscript>
    </div>
  );
}

function Unavailable({ reason }: { reason: LiveReason }) {
  return (
    <div className="rounded-md border border-edge border-dashed px-6 py-8">
      <p className="font-medium">{text.chart.unavailable}</p>
      <p className="mt-1 text-balance text-muted">
        {text.reason[reason]} {text.chart.goesOn}
      </p>
    </div>
  );
}

/** Pale bars of no particular height. */
function Loading() {
  return (
    <div className="needs-scripts">
      <p className="sr-only">{text.chart.loading}</p>
      <div
        aria-hidden="true"
        className="absolute inset-0 bottom-26 grid animate-pulse grid-cols-[repeat(30,1fr)] items-end gap-1 motion-reduce:animate-none sm:gap-2"
      >
        {Array.from({ length: 30 }, (_, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike and never move
            key={index}
            className="rounded-t-[2px] bg-sunken"
            style={{ height: `${Math.round(35 + 45 * Math.abs(Math.sin(index * 1.3)))}%` }}
          />
        ))}
      </div>
    </div>
  );
}
