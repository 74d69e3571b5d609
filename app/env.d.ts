/// <reference types="vite/client" />
import "@remix-run/node";

declare module "@remix-run/node" {
  // Without this, `useLoaderData<typeof loader>()` is typed for the old JSON wire instead of single fetch.
  interface Future {
    v3_singleFetch: true;
  }

  /** What server.ts hands to every loader, action and to entry.server; absent under `remix vite:dev`. */
  interface AppLoadContext {
    /** The nonce that this response's Content-Security-Policy allows for inline scripts. */
    cspNonce?: string;
    /** The client's address, as far as TRUST_PROXY lets us believe it. */
    clientAddress?: string;
    /** Quoted in logs and on error pages, so that a user's report finds its log line. */
    requestId?: string;
  }
}
