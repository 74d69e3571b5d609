/**
 * CORS as an API needs it that any customer's page may call: every origin may ask, because the token decides. No
 * credentials, so a cookie is of no use here.
 */

const PREFLIGHT_HEADERS = {
  "access-control-allow-methods": "GET, POST, OPTIONS",
  "access-control-allow-headers": "Authorization, Content-Type",
  "access-control-max-age": "600",
};

export const isPreflight = (request: Request) =>
  request.method === "OPTIONS" && request.headers.has("access-control-request-method");

/** @param allowed false answers what a browser sees of a server that knows nothing of CORS */
export const preflight = (allowed: boolean) =>
  allowed
    ? new Response(null, { status: 204, headers: PREFLIGHT_HEADERS })
    : new Response(null, { status: 403 });

/**
 * Errors carry the headers too, or a page could not tell an expired token from a dead network.
 * @param origin the request's; null when no browser asks
 */
export function allowCors(response: Response, origin: string | null): void {
  response.headers.append("vary", "Origin");
  if (origin === null) return;
  response.headers.set("access-control-allow-origin", origin);
  response.headers.set("access-control-expose-headers", "Retry-After");
}
