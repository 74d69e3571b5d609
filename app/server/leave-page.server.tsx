/**
 * Sends a form's sender to another site by a page instead of a redirect. Chromium holds all redirects that follow a
 * form to its page's `form-action`, however many sites they pass: a provider that hands people on to the next one (an
 * enterprise login behind Auth0, a broker behind Keycloak) would be stopped there without a word. A page that refreshes
 * itself at once is a new navigation, works without JavaScript, and leaves nothing in the history.
 */
import { renderToStaticMarkup } from "react-dom/server";

/** @param url an address that was made here, never taken from a request */
export function leavePage(url: URL, headers: Headers): Response {
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
