import { RemixBrowser } from "@remix-run/react";
import { StrictMode, startTransition } from "react";
import { hydrateRoot } from "react-dom/client";
import { refuseMarkupFromText } from "./components/trusted-types.ts";

refuseMarkupFromText();

/**
 * Waits until Remix has read the data that came with the page. RemixBrowser suspends until then, outside any boundary,
 * and a key or a click in that moment makes React 18 give the root up (error 345): the page would stay dead until it
 * is loaded again. The component is the only thing that begins to read; what it throws is the promise to wait for.
 */
async function dataRead(): Promise<void> {
  try {
    RemixBrowser({});
  } catch (thrown) {
    await thrown;
  }
}

await dataRead();
startTransition(() => {
  hydrateRoot(
    document,
    <StrictMode>
      <RemixBrowser />
    </StrictMode>,
  );
});
