import { useEffect, useState } from "react";
import { MessagePage } from "../message-page.tsx";
import { embedText } from "../text-embed.ts";
import { giveToOpener } from "./hand-over.ts";

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
