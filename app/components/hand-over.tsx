import { useEffect, useState } from "react";
import { MessagePage } from "./error-page.tsx";
import { text } from "./text.ts";

/** In the window that the frame opened. `code` is null for users signed in by an identity proxy. */
export function HandOverPage({ code, productName }: { code: string | null; productName: string }) {
  const [given, setGiven] = useState(true);
  useEffect(() => {
    if (code === null) return;
    if (giveToOpener(code)) window.close();
    else setGiven(false);
  }, [code]);
  const { done, proof, closes, again } = text.embed.handOver;
  return (
    <MessagePage productName={productName} title={done}>
      <p role="status" className="mt-2 text-muted">
        {code === null ? proof : given ? closes : again}
      </p>
    </MessagePage>
  );
}

// Both ends of the hand-over: the window that signs in, and the frame that opened it. They share their origin.

const MESSAGE = "usage-dashboard:hand-over";

/** Whether there was an opener: a provider's pages may have severed it. */
function giveToOpener(code: string): boolean {
  const frame: Window | null = window.opener;
  // The opener may have navigated: the browser delivers the message to our own origin alone.
  frame?.postMessage({ type: MESSAGE, code }, window.location.origin);
  return frame !== null;
}

/** Calls `take` with the first code; returns how to stop listening. */
export function onHandOver(take: (code: string) => void): () => void {
  const onMessage = ({ origin, data }: MessageEvent) => {
    // Any page that has a reference to this frame can send it messages.
    if (origin !== window.location.origin || data?.type !== MESSAGE || typeof data.code !== "string") return;
    stop();
    take(data.code);
  };
  const stop = () => window.removeEventListener("message", onMessage);
  window.addEventListener("message", onMessage);
  return stop;
}

/** True when the frame now has a session of its own, provided that the browser keeps its cookie. */
export async function redeem(code: string): Promise<boolean> {
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify({ code }) };
  const response = await fetch("/embed/session", init).catch(() => null);
  return response?.ok ?? false;
}
