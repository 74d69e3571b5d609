/** Problems as `application/problem+json` (RFC 9457) with a stable `code`; no upstream body ever passes through. */

const PROBLEMS = {
  bad_request: [400, "This request cannot be understood."],
  not_signed_in: [401, "Sign in first."],
  bad_origin: [403, "Only this app's own pages may ask for this."],
  method_not_allowed: [405, "This address does not take that; Allow says what it takes."],
  session_changed: [409, "This page belongs to another sign-in; load it again."],
  body_too_large: [413, "This is more than any page of this app sends."],
  rate_limited: [429, "Too many requests; wait as long as Retry-After says."],
  server_error: [500, "Something went wrong here, and it has been logged."],
  ringside_unavailable: [502, "Ringside does not answer; try again in a moment."],
  ringside_rejected_key: [502, "Ringside refuses this app's key; its operator has to mend it."],
  customer_unavailable: [502, "Your Customer at Ringside cannot be found or made."],
  session_store_unavailable: [503, "Nobody can be recognised at the moment; try again in a few seconds."],
  proof_unverifiable: [503, "Nobody's proof can be checked at the moment; try again in a few seconds."],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof PROBLEMS;

/** The answer for a problem, never cached. */
export function problem(code: ProblemCode, headers: Record<string, string> = {}): Response {
  const [status, title] = PROBLEMS[code];
  return Response.json(
    { type: `about:blank#${code}`, title, status, code },
    {
      status,
      headers: { ...headers, "content-type": "application/problem+json", "cache-control": "no-store" },
    },
  );
}
