import { useRevalidator } from "@remix-run/react";
import { useEffect, useState } from "react";
import { announceSignOut } from "#app/usage/tabs.ts";
import { onHandOver, redeem } from "./hand-over.tsx";
import type { User } from "./header.tsx";
import { text } from "./text.ts";
import { button, Notice } from "./ui.tsx";

/** The header inside other sites' pages, which have their own name, logo and theme. */
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
        {text.embed.ownWindow}
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

/** Providers refuse to be framed: a window signs in and hands the session over to this page. */
export function EmbedSignIn({ incomplete }: { incomplete: boolean }) {
  const { revalidate, state: loading } = useRevalidator();
  const [state, setState] = useState<State>("signed_out");
  useEffect(() => {
    if (state !== "waiting") return;
    return onHandOver(async (code) => {
      const taken = await redeem(code);
      setState(taken ? "taken" : "failed");
      // With the session cookie this page becomes the dashboard; if it stays, the browser did not keep the cookie.
      if (taken) revalidate();
    });
  }, [state, revalidate]);

  // A sandboxed frame without allow-popups cannot open a window.
  const open = () =>
    setState(window.open("/embed/hand-over", "_blank", "popup,width=480,height=720") ? "waiting" : "failed");

  const settled = state === "taken" && loading === "idle";
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center px-4 py-8">
      <h1 className="font-semibold text-2xl tracking-[-0.02em]">{text.embed.heading}</h1>
      <p className="mt-1 text-muted">{text.embed.lead}</p>
      <div role="status" className="mt-4 empty:hidden">
        {state === "waiting" && <Notice tone="plain">{text.embed.waiting}</Notice>}
        {state === "failed" && <Notice tone="warn">{text.embed.failed}</Notice>}
        {settled && <Notice tone="warn">{text.embed.noCookies}</Notice>}
        {incomplete && state === "signed_out" && (
          <Notice tone="warn">{text.signInProblem.sign_out_incomplete}</Notice>
        )}
      </div>
      <p className="mt-6 flex flex-wrap gap-3">
        <button type="button" onClick={open} className={`needs-scripts ${button.primary} min-h-11`}>
          {text.embed.signIn}
        </button>
        <a href="/dashboard" target="_blank" rel="noreferrer" className={`${button.outline} min-h-11`}>
          {text.embed.ownWindow}
        </a>
      </p>
      <noscript>
        <p className="mt-4">{text.embed.needsScripts}</p>
      </noscript>
    </main>
  );
}
