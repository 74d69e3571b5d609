import { memo } from "react";
import type { LivePhase, LiveReason } from "#app/usage/live-state.ts";
import { useFormat } from "../format.tsx";
import { text } from "../text.ts";
import { button } from "../ui/button.ts";
import { Notice } from "../ui/notice.tsx";
import { useNow } from "./age.tsx";

/** What is wrong and what helps; nothing while all is well. */
export const Problem = memo(function Problem({
  phase,
  reason,
  nextAt,
}: {
  phase: LivePhase;
  reason: LiveReason | null;
  nextAt: number | null;
}) {
  switch (phase) {
    case "starting":
    case "live":
    case "paused":
      return null;
    case "offline":
      return (
        <Notice tone="warn" title={text.problem.offline.title}>
          {text.problem.offline.body}
        </Notice>
      );
    case "reconnecting":
      return (
        <Notice tone="warn" title={text.problem.reconnecting.title}>
          {reason && text.reason[reason]} <NextTry nextAt={nextAt} />
        </Notice>
      );
    case "signed_out": {
      const words = reason === "session_changed" ? text.problem.otherUser : text.problem.signedOut;
      return (
        <Notice
          tone="bad"
          title={words.title}
          action={
            reason === "session_changed" ? (
              <a href="/dashboard" className={button.outline}>
                {text.problem.reload}
              </a>
            ) : (
              <a href="/sign-in?returnTo=/dashboard" className={button.outline}>
                {text.problem.signIn}
              </a>
            )
          }
        >
          {words.body}
        </Notice>
      );
    }
    case "blocked":
      return (
        <Notice
          tone="bad"
          title={text.problem.blocked.title}
          action={
            <a href="/dashboard" className={button.outline}>
              {text.problem.reload}
            </a>
          }
        >
          {reason === "origin_not_allowed"
            ? text.problem.wrongOrigin(window.location.origin)
            : reason && text.reason[reason]}
        </Notice>
      );
  }
});

function NextTry({ nextAt }: { nextAt: number | null }) {
  const { count } = useFormat();
  const now = useNow();
  if (nextAt === null || now === null) return null;
  const seconds = Math.ceil((nextAt - now) / 1_000);
  return seconds > 0 ? text.problem.nextTry(count(seconds)) : text.problem.trying;
}
