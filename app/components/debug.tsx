/** `?debug`: what the live loop is doing, for whoever runs this app. Its code is loaded for them alone. */
import { useSearchParams } from "@remix-run/react";
import { type ComponentType, useEffect, useState } from "react";
import type { DebugPanelProps } from "./debug-panel.tsx";

export function DebugOnRequest() {
  const [search] = useSearchParams();
  return search.has("debug") ? <Debug /> : null;
}

function Debug() {
  const [Panel, setPanel] = useState<ComponentType<DebugPanelProps>>();
  const outcomes = useLastOutcomes();
  useEffect(() => {
    // A chunk that does not arrive costs nobody their figures.
    import("./debug-panel.tsx").then(
      ({ DebugPanel }) => setPanel(() => DebugPanel),
      () => {},
    );
  }, []);
  return Panel ? <Panel {...outcomes} /> : null;
}

/** Listens while the panel's code is still on its way, or the page's only mint for minutes would be missed. */
function useLastOutcomes(): DebugPanelProps {
  const [outcomes, setOutcomes] = useState<DebugPanelProps>({ mint: null, poll: null });
  useEffect(() => {
    const listening = (["mint", "poll"] as const).map((call) => {
      const hear = (event: Event) => {
        if (!(event instanceof CustomEvent)) return;
        const outcome = { kind: String(event.detail.outcome), at: Date.now() };
        setOutcomes((before) => ({ ...before, [call]: outcome }));
      };
      window.addEventListener(`usage:${call}`, hear);
      return () => window.removeEventListener(`usage:${call}`, hear);
    });
    return () => {
      for (const end of listening) end();
    };
  }, []);
  return outcomes;
}
