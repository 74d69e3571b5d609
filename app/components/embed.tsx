import { useRevalidator } from "@remix-run/react";
import { useEffect, useState } from "react";
import { announceSignOut } from "#app/usage/tabs.ts";
import { onHandOver, redeem } from "./hand-over.tsx";
import type { User } from "./header.tsx";
import { embedText, signInProblemText, text } from "./text.ts";
import { button, Notice } from "./ui.tsx";

/** In the header's place inside other sites' pages: name, logo and theme are theirs. */
export function EmbedBar({ user, canSignOut }: { user: User; canSignOut: boolean }) {
  const who = user.name ?? user.email;
  return (
    <header className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-2 px-4 pt-3 sm:px-6">
      {who && (
        <p className="min-w-0 truncate text-muted max-sm:w-full" title={user.email}>
          {text.header.signedInAs} {who}
        </p>
      )}
      <a
        href="/dashboard"
        target="_blank"
        rel="noreferrer"
        className={`${button.quiet} max-sm:-ml-3 sm:ml-auto`}
      >
        {embedText.ownWindow}
      </a>
      {canSignOut && (
        <form method="post" action="/sign-out" onSubmit={announceSignOut} className="-mr-3 max-sm:ml-auto">
          <input type="hidden" name="embedded" value="1" />
          <button type="submit" className={button.quiet}>
            {text.header.signOut}
          </button>
        </form>
      )}
    </header>
  );
}

type State = "signed_out" | "waiting" | "failed" | "taken";

/** Inside a frame, where no provider lets itself be shown: a window signs in and hands over to this page. */
export function EmbedSignIn({ incomplete }: { incomplete: boolean }) {
  const { revalidate, state: loading } = useRevalidator();
  const [state, setState] = useState<State>("signed_out");
  useEffect(() => {
    if (state !== "waiting") return;
    return onHandOver(async (code) => {
      const taken = await redeem(code);
      setState(taken ? "taken" : "failed");
      // With its cookie this page becomes the dashboard; still here after that, it has none.
      if (taken) revalidate();
    });
  }, [state, revalidate]);

  // A frame in a sandbox without allow-popups opens none.
  const open = () =>
    setState(window.open("/embed/hand-over", "_blank", "popup,width=480,height=720") ? "waiting" : "failed");

  const settled = state === "taken" && loading === "idle";
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center px-4 py-8">
      <h1 className="font-semibold text-2xl tracking-[-0.02em]">{embedText.heading}</h1>
      <p className="mt-1 text-muted">{embedText.lead}</p>
      <div role="status" className="mt-4 empty:hidden">
        {state === "waiting" && <Notice tone="plain">{embedText.waiting}</Notice>}
        {state === "failed" && <Notice tone="warn">{embedText.failed}</Notice>}
        {settled && <Notice tone="warn">{embedText.noCookies}</Notice>}
        {incomplete && state === "signed_out" && (
          <Notice tone="warn">{signInProblemText.sign_out_incomplete}</Notice>
        )}
      </div>
      <p className="mt-6 flex flex-wrap gap-3">
        <button type="button" onClick={open} className={`needs-scripts ${button.primary} min-h-11`}>
          {embedText.signIn}
        </button>
        <a href="/dashboard" target="_blank" rel="noreferrer" className={`${button.outline} min-h-11`}>
          {embedText.ownWindow}
        </a>
      </p>
      <noscript>
        <p className="mt-4">{embedText.needsScripts}</p>
      </noscript>
    </main>
  );
}
