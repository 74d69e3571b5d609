import { useRevalidator } from "@remix-run/react";
import { useEffect, useState } from "react";
import { embedText } from "../text-embed.ts";
import { signInProblemText } from "../text-sign-in.ts";
import { button } from "../ui/button.ts";
import { Notice } from "../ui/notice.tsx";
import { onHandOver, redeem } from "./hand-over.ts";

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
