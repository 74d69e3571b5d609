import { memo } from "react";
import type { LivePhase, LiveReason } from "#app/usage/state.ts";
import { text } from "../text.ts";

const dots: Record<LivePhase, string> = {
  starting: "bg-muted",
  live: "bg-good",
  reconnecting: "bg-warn-mark",
  paused: "bg-muted",
  offline: "bg-warn-mark",
  signed_out: "bg-bad-mark",
  blocked: "bg-bad-mark",
};

/** The state in one word or few. A live region of its own: it speaks when the state changes, not every second. */
export const Phase = memo(function Phase({ phase }: { phase: LivePhase }) {
  return (
    <>
      <span aria-hidden="true" className={`mr-2 inline-block size-2 rounded-full ${dots[phase]}`} />
      <span role="status" data-phase={phase} className="font-medium text-ink">
        {text.phase[phase]}
      </span>
    </>
  );
});

/** Why it is so, where waiting is all that helps; what needs a person's hand is told by `Problem`. */
export const Why = memo(function Why({ phase, reason }: { phase: LivePhase; reason: LiveReason | null }) {
  return (
    <span aria-live="polite">
      {phase === "offline" && text.offline}
      {phase === "reconnecting" && reason && text.reason[reason]}
    </span>
  );
});
