import fc from "fast-check";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";
import { answerOf, holdsSecret, logged, ORIGIN, sessionCookie, wholeOf } from "./app.ts";
import { headerText, oneOf, runs, tampered, text } from "./inputs.ts";

const CUSTOMER = "cus_own";
const sent: { path: string; body: unknown }[] = [];
let cookies: string[] = [];

beforeAll(async () => {
  // Many, as one session may mint 60 times a minute.
  cookies = await Promise.all(Array.from({ length: 500 }, (_, nth) => sessionCookie(`person-${nth}`)));
});
beforeEach(() => {
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    sent.push({ path: new URL(url).pathname, body: init.body && JSON.parse(String(init.body)) });
    const row = { id: CUSTOMER, spend_usd_mtd: 0, request_count_mtd: 0 };
    return Response.json(url.endsWith("/client_tokens") ? { token: "a.b.c", expires_at: 1 } : row);
  });
});

const RIGHT = {
  method: "POST" as const,
  origin: ORIGIN,
  site: "same-origin",
  session: 0,
  spoilt: null,
  headers: {},
};

it("a mint is for the session's own Customer, from our own page, or is refused", async () => {
  const seen = new Set<number>();
  const input = fc.record({
    method: fc.constantFrom("POST", "POST", "POST", "POST", "PUT", "DELETE", "PATCH"),
    origin: oneOf([ORIGIN], fc.oneof(headerText, tampered(ORIGIN).filter(isAscii), fc.constant("null"))),
    site: oneOf(["same-origin"], fc.constantFrom("cross-site", "same-site", "none", "")),
    session: fc.nat(cookies.length - 1),
    spoilt: fc.option(fc.oneof(headerText, tampered("=").filter(isAscii)), { nil: null }),
    body: fc.oneof(
      text,
      fc.json(),
      fc.constant(JSON.stringify({ customer: CUSTOMER })),
      fc
        .record({ customer: fc.anything(), origin: text, ttl_seconds: fc.integer() })
        .map((value) => JSON.stringify(value)),
    ),
    headers: fc.dictionary(
      fc.constantFrom("x-forwarded-host", "host", "forwarded", "referer", "authorization"),
      headerText,
    ),
  });
  await fc.assert(
    fc.asyncProperty(input, async ({ method, origin, site, session, spoilt, body, headers }) => {
      const cookie = spoilt === null ? (cookies[session] ?? "") : `session=${spoilt}`;
      sent.length = 0;
      const request = new Request(`${ORIGIN}/api/mint-client-token`, {
        method,
        headers: { ...headers, origin, "sec-fetch-site": site, cookie },
        body,
      });
      const answer = await answerOf("mint", request);
      seen.add(answer.status);

      expect([200, 401, 403, 405, 409, 429]).toContain(answer.status);
      expect(holdsSecret(await wholeOf(answer))).toBe(false);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      // `null` with same-origin is our own form behind a proxy that hides the referrer.
      const ours = (origin === ORIGIN || origin === "null") && site === "same-origin";
      const allowed = method === "POST" && ours && spoilt === null;
      if (!allowed) expect(answer.status).toBeGreaterThanOrEqual(400);
      for (const { path, body: minted } of sent) {
        expect(allowed).toBe(true);
        if (path.endsWith("/client_tokens"))
          expect(minted).toEqual({
            customer: CUSTOMER,
            origin: ORIGIN,
            allowed_endpoints: [`/v1/customers/${CUSTOMER}`, "/v1/usage"],
            ttl_seconds: 300,
          });
      }
    }),
    // Random bodies seldom name another Customer in a request that is right in all else.
    { ...runs(0.15), examples: [[{ ...RIGHT, body: JSON.stringify({ customer: "cus_other" }) }]] },
  );
  // All of them, or the inputs do not reach what is tested.
  expect([...seen].sort()).toEqual(expect.arrayContaining([200, 401, 403, 405, 409]));
  expect(logged.leaks).toEqual([]);
});

function isAscii(value: string): boolean {
  return /^[\x20-\x7e]*$/.test(value);
}
