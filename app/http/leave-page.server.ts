/**
 * Sends a form's sender to another site by a page instead of a redirect. Chromium holds all redirects that follow a
 * form to its page's `form-action`, however many sites they pass: a provider that hands people on to the next one (an
 * enterprise login behind Auth0, a broker behind Keycloak) would be stopped there without a word. A page that refreshes
 * itself at once is a new navigation, works without JavaScript, and leaves nothing in the history.
 */

/** @param url an address that was made here, never taken from a request */
export function leavePage(url: URL, headers: Headers): Response {
  const address = escapeHtml(url.href);
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><meta http-equiv="refresh" content="0;url=${address}"><title>Going to ${escapeHtml(url.host)}</title><p><a href="${address}">Continue to ${escapeHtml(url.host)}</a></p></html>`;
  headers.set("content-type", "text/html; charset=utf-8");
  headers.set("cache-control", "no-store");
  return new Response(page, { headers });
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escapeHtml = (text: string) =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
