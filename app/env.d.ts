/// <reference types="vite/client" />
import "@remix-run/node";

declare module "@remix-run/node" {
  // Without this, `useLoaderData<typeof loader>()` is typed for the old JSON wire instead of single fetch.
  interface Future {
    v3_singleFetch: true;
  }
}
