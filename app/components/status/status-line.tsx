import { memo } from "react";
import type { LivePhase } from "#app/usage/live-state.ts";
import { text } from "../text.ts";
import { Age } from "./age.tsx";

const dots: Record<LivePhase, string> = {
  starting: "bg-muted",
  live: "bg-good",
  reconnecting: "bg-warn",
  paused: "bg-muted",
  offline: "bg-warn",
  signed_out: "bg-bad",
  blocked: "bg-bad",
};

/**
 * How fresh the figures are. Only the phase is in the live region: a screen reader hears of a change of state,
 * never of the seconds that pass.
 */
export const StatusLine = memo(function StatusLine({ phase }: { phase: LivePhase }) {
  return (
    <span className="inline-flex items-center gap-2">
      <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${dots[phase]}`} />
      <span role="status" className="font-medium">
        {text.phase[phase]}
      </span>
    </span>
  );
});

export { Age };
