/** `?debug`: what the live engine is doing, for operators. Its code is loaded only on request. */
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
    // Without the chunk the page stays as it is.
    import("./debug-panel.tsx").then(
      ({ DebugPanel }) => setPanel(() => DebugPanel),
      () => {},
    );
  }, []);
  return Panel ? <Panel {...outcomes} /> : null;
}

/** Listens while the panel's code loads, or it would miss the page's only mint for minutes. */
function useLastOutcomes(): DebugPanelProps {
  const [outcomes, setOutcomes] = useState<DebugPanelProps>({ mint: null, poll: null });
  useEffect(() => {
    const cleanups = (["mint", "poll"] as const).map((call) => {
      const onOutcome = (event: Event) => {
        if (!(event instanceof CustomEvent)) return;
        const outcome = { kind: String(event.detail.outcome), at: Date.now() };
        setOutcomes((before) => ({ ...before, [call]: outcome }));
      };
      window.addEventListener(`usage:${call}`, onOutcome);
      return () => window.removeEventListener(`usage:${call}`, onOutcome);
    });
    return () => {
      for (const end of cleanups) end();
    };
  }, []);
  return outcomes;
}
