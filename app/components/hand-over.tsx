import { useEffect, useState } from "react";
import { MessagePage } from "./error-page.tsx";
import { embedText } from "./text.ts";

/** In the window that the frame opened. `code` is null for people who are signed in by something other than us. */
export function HandOverPage({ code, productName }: { code: string | null; productName: string }) {
  const [given, setGiven] = useState(true);
  useEffect(() => {
    if (code === null) return;
    if (giveToOpener(code)) window.close();
    else setGiven(false);
  }, [code]);
  const { done, proof, closes, again } = embedText.handOver;
  return (
    <MessagePage productName={productName} title={done}>
      <p role="status" className="mt-2 text-muted">
        {code === null ? proof : given ? closes : again}
      </p>
    </MessagePage>
  );
}

/** Both ends of the hand-over: the window that signs in, and the frame that opened it. They share their origin. */

const MESSAGE = "usage-dashboard:hand-over";

/** Whether there was anybody to give it to: a provider's pages may cut the tie to the frame. */
function giveToOpener(code: string): boolean {
  const frame: Window | null = window.opener;
  // Whatever the opener is by now: without our origin it hears nothing.
  frame?.postMessage({ type: MESSAGE, code }, window.location.origin);
  return frame !== null;
}

/** Hears the first code; answers how to stop. */
export function onHandOver(take: (code: string) => void): () => void {
  const hear = ({ origin, data }: MessageEvent) => {
    // Every page with a handle on this frame can send it messages.
    if (origin !== window.location.origin || data?.type !== MESSAGE || typeof data.code !== "string") return;
    stop();
    take(data.code);
  };
  const stop = () => window.removeEventListener("message", hear);
  window.addEventListener("message", hear);
  return stop;
}

/** True when the frame has a session of its own now, if the browser keeps its cookie. */
export async function redeem(code: string): Promise<boolean> {
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify({ code }) };
  const answer = await fetch("/embed/session", init).catch(() => null);
  return answer?.ok ?? false;
}
