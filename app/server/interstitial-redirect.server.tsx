/**
 * Redirects to another site by a page that refreshes itself. Chromium applies a page's `form-action` to every redirect
 * that follows its form, however many sites they pass: a provider that redirects to the next one (an enterprise login
 * behind Auth0, a broker behind Keycloak) would be blocked without a message. A page that refreshes itself at once is a
 * new navigation, works without JavaScript, and leaves no entry in the history.
 */
import { renderToStaticMarkup } from "react-dom/server";

/** @param url an address built on this server, never taken from a request */
export function interstitialRedirect(url: URL, headers: Headers): Response {
  const page = renderToStaticMarkup(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="robots" content="noindex" />
        <meta httpEquiv="refresh" content={`0;url=${url.href}`} />
        <title>{`Going to ${url.host}`}</title>
      </head>
      <body>
        <p>
          <a href={url.href}>{`Continue to ${url.host}`}</a>
        </p>
      </body>
    </html>,
  );
  headers.set("content-type", "text/html; charset=utf-8");
  headers.set("cache-control", "no-store");
  return new Response(`<!doctype html>${page}`, { headers });
}
