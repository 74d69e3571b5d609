import { memo } from "react";
import type { LivePhase, LiveReason } from "#app/usage/state.ts";
import { text } from "../text.ts";
import { button } from "../ui/button.ts";
import { Notice } from "../ui/notice.tsx";

/**
 * What only a person can mend, and how; nothing while waiting is enough. `here` is this page's own address: loaded
 * again it makes good what it can, and whoever is signed out comes back to it.
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
        {reason === "origin_not_allowed"
          ? text.problem.wrongOrigin(window.location.origin)
          : reason && text.reason[reason]}
      </Notice>
    );
  return null;
});

/** A plain link, so that the page is loaded afresh. */
const Action = ({ href, label }: { href: string; label: string }) => (
  <a href={href} className={button.outline}>
    {label}
  </a>
);
