/**
 * How a request is refused: a page for people, `application/problem+json` (RFC 9457) with a stable `code` for programs.
 * No upstream body ever passes through.
 */
import { randomBytes } from "node:crypto";
import { config } from "#app/config/config.server.ts";
import { requestContext } from "./log.server.ts";

/** Status and title of each. */
export const problems = {
  bad_request: [400, "This request cannot be understood."],
  not_signed_in: [401, "Sign in first."],
  bad_origin: [403, "Only this app's own pages may ask for this."],
  not_found: [404, "There is nothing at this address."],
  method_not_allowed: [405, "This address does not take that method; Allow says what it takes."],
  session_changed: [409, "This page belongs to another sign-in; load it again."],
  body_too_large: [413, "This is more than any page of this app sends."],
  uri_too_long: [414, "This address is longer than any of this app's."],
  rate_limited: [429, "Too many requests; wait as long as Retry-After says."],
  server_error: [500, "Something went wrong here, and it has been logged."],
  ringside_unavailable: [502, "Ringside does not answer; try again in a moment."],
  ringside_rejected_key: [502, "Ringside rejects this app's API key; its operator has to replace it."],
  customer_unavailable: [502, "Your Customer at Ringside cannot be found or made."],
  session_store_unavailable: [503, "Sign-in is temporarily unavailable; try again in a few seconds."],
  proof_unverifiable: [503, "Your sign-in cannot be verified at the moment; try again in a few seconds."],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof problems;

/** The response for a problem, never cached. */
export function problem(code: ProblemCode, headers: Record<string, string> = {}): Response {
  const [status, title] = problems[code];
  return Response.json(
    { type: `about:blank#${code}`, title, status, code },
    {
      status,
      headers: { ...headers, "content-type": "application/problem+json", "cache-control": "no-store" },
    },
  );
}

/** Browsers ask for HTML when, and only when, a person navigates or sends a form. */
export const wantsHtml = ({ headers }: { headers: Headers }): boolean =>
  (headers.get("accept") ?? "").includes("text/html");

/** A page when a person will look at the response, else the problem. */
export function problemFor(
  request: { headers: Headers },
  code: ProblemCode,
  headers: Record<string, string> = {},
): Response {
  return wantsHtml(request) ? problemPage(code, headers) : problem(code, headers);
}

/** What people read, where the problem's title speaks to programs. Each leads back to the app's own address. */
const WORDS: Partial<Record<ProblemCode, string>> = {
  bad_request: "We couldn't understand this request.",
  bad_origin: "This page was opened at another address than the one this app is set up for.",
  not_found: "Page not found.",
  method_not_allowed: "This page can't be opened like this.",
  body_too_large: "That was too much to send.",
  uri_too_long: "This address is too long.",
  rate_limited: "Too many requests. Please wait a minute.",
  server_error: "Something went wrong. We've logged the error.",
};

/** Plain HTML with its own style: it has to work when nothing else does. */
function problemPage(code: ProblemCode, headers: Record<string, string>): Response {
  const [status, title] = problems[code];
  const words = WORDS[code] ?? title;
  const { origin } = config();
  const id = requestContext()?.id;
  const nonce = randomBytes(16).toString("base64");
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${words}</title>
<style nonce="${nonce}">body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto 0;padding:0 1.5rem}small{opacity:.7}</style>
</head>
<body>
<h1>${words}</h1>
<p><a href="${origin.origin}/">Go to ${origin.host}</a></p>
${id ? `<p><small>Request ${id}</small></p>` : ""}
</body>
</html>
`;
  return new Response(page, {
    status,
    headers: {
      ...headers,
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": `default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'nonce-${nonce}'`,
    },
  });
}
