import { memo, useEffect, useState } from "react";
import type { LivePhase, LiveReason } from "#app/usage/state.ts";
import { useFormat } from "./format.tsx";
import { text } from "./text.ts";
import { button, Notice } from "./ui.tsx";

const dots: Record<LivePhase, string> = {
  starting: "bg-muted",
  live: "bg-good",
  reconnecting: "bg-warn-mark",
  paused: "bg-muted",
  offline: "bg-warn-mark",
  signed_out: "bg-bad-mark",
  blocked: "bg-bad-mark",
};

/** The phase in a few words. Its own live region: announced when the phase changes, not every second. */
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

/** Why the phase is not live, where waiting is enough; `Problem` tells what needs the user's action. */
export const Why = memo(function Why({ phase, reason }: { phase: LivePhase; reason: LiveReason | null }) {
  return (
    <span aria-live="polite">
      {phase === "offline" && text.offline}
      {phase === "reconnecting" && reason && text.reason[reason]}
    </span>
  );
});

/**
 * The age of the figures, updated every second. The server and the first render in the browser both say "just now",
 * because their clocks differ.
 */
export function Age({ updatedAt }: { updatedAt: number }) {
  const { count } = useFormat();
  const now = useNow();
  const seconds = now === null ? 0 : Math.floor((now - updatedAt) / 1_000);
  if (seconds < 2) return text.age.now;
  if (seconds < 60) return text.age.seconds(count(seconds));
  if (seconds < 3_600) return text.age.minutes(count(Math.floor(seconds / 60)));
  return text.age.hours(count(Math.floor(seconds / 3_600)));
}

/** The time until the next try; nothing while none is planned. */
export function NextTry({ nextAt }: { nextAt: number | null }) {
  const { count } = useFormat();
  const now = useNow();
  if (nextAt === null || now === null) return null;
  const seconds = Math.ceil((nextAt - now) / 1_000);
  return seconds > 0 ? text.nextTry(count(seconds)) : text.trying;
}

/** This browser's clock, each second; null until hydration. */
function useNow(): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/**
 * A problem that needs the user's action, with the button for it; nothing while waiting is enough. `here` is this
 * page's own address: reloading it fixes what can be fixed, and a signed-out user returns to it after signing in.
 */
export const Problem = memo(function Problem({
  phase,
  reason,
  here,
}: {
  phase: LivePhase;
  reason: LiveReason | null;
  here: string;
}) {
  if (phase === "signed_out") {
    const otherUser = reason === "session_changed";
    const words = otherUser ? text.problem.otherUser : text.problem.signedOut;
    return (
      <Notice
        tone="bad"
        title={words.title}
        action={<Action href={here} label={otherUser ? text.problem.reload : text.problem.signIn} />}
      >
        {words.body}
      </Notice>
    );
  }
  if (phase === "blocked")
    return (
      <Notice
        tone="bad"
        title={text.problem.blocked}
        action={<Action href={here} label={text.problem.reload} />}
      >
        {reason && text.reason[reason]}
      </Notice>
    );
  return null;
});

/** A plain link, so that the document is loaded again. */
const Action = ({ href, label }: { href: string; label: string }) => (
  <a href={href} className={button.outline}>
    {label}
  </a>
);
