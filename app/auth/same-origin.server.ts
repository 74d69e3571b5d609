/**
 * The CSRF wall of every POST. What comes before the routes (server/refusal.server.ts) looks at pages, which take none: a
 * resource route of ours would answer any site that asks, so each one calls this first.
 */
import { config } from "#app/config/config.server.ts";

/** Whether a page of this very origin sent the request. A missing Origin is a no: every browser sends it on POST. */
export function isSameOrigin(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  // `same-site` is a no too: a neighbour subdomain is somebody else's page.
  if (site !== null && site !== "same-origin") return false;
  return request.headers.get("origin") === config().origin.origin;
}
