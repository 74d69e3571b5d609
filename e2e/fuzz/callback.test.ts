import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { type Attempt, answerOf, beginSignIn, holdsSecret, logged, ORIGIN, wholeOf } from "./app.ts";
import { headerText, oneOf, runs, text } from "./inputs.ts";

/** What the provider answers, to whatever it is asked: its answer can name another user. */
const status = fc.constantFrom(200, 200, 201, 204, 301, 302, 400, 401, 403, 404, 429, 500, 503);
const body = fc.oneof(
  text,
  fc.json(),
  fc
    .record({ access_token: fc.anything(), token_type: text, scope: text })
    .map((value) => JSON.stringify(value)),
  fc.record({ id: fc.anything(), login: text, name: fc.anything() }).map((value) => JSON.stringify(value)),
);
const contentType = fc.constantFrom("application/json", "text/html", "application/x-www-form-urlencoded", "");

it("a callback never crashes, leaks or signs in a browser that did not begin here", async () => {
  const input = fc.record({
    begun: fc.constantFrom("demo", "github"),
    adapterId: oneOf(["demo", "github", "auth0", "oidc:x"], text),
    sameAdapter: fc.boolean(),
    state: fc.option(text, { nil: undefined, freq: 1 }),
    cookie: fc.oneof(
      fc.constant(null),
      fc.record({ at: fc.nat(), put: fc.constantFrom("", "A", ".", "=") }),
      headerText,
    ),
    code: fc.option(text, { nil: undefined, freq: 1 }),
    rest: fc.dictionary(text, text, { maxKeys: 3 }),
    provider: fc.record({ status, body, contentType }),
  });
  await fc.assert(
    fc.asyncProperty(input, async (given) => {
      // A new one each time, as a callback uses it up.
      const attempt = await beginSignIn(given.begun);
      expect(attempt.cookie).not.toBe("");
      expect(attempt.state.length).toBeGreaterThan(20);
      const { adapterId } = attempt;
      const asked = given.sameAdapter ? adapterId : given.adapterId;
      const state = given.state ?? attempt.state;
      const code = given.code ?? attempt.code;
      const cookie = cookieOf(attempt, given.cookie);
      vi.stubGlobal("fetch", async () => respond(given.provider));

      const query = new URLSearchParams({ ...given.rest, state, code });
      const url = `${ORIGIN}/auth/${encodeURIComponent(asked.toWellFormed())}/callback?${query}`;
      const answer = await answerOf("callback", new Request(url, { headers: { cookie } }), {
        adapter: asked,
      });

      expect([302, 404]).toContain(answer.status);
      expect(holdsSecret(await wholeOf(answer))).toBe(false);
      const location = answer.headers.get("location");
      if (location !== null) expect(location).toMatch(/^\/(dashboard|sign-in\?problem=[a-z_]+)$/);
      const answersAttempt = state === attempt.state && asked === adapterId;
      if (!(answersAttempt && sealedIn(cookie) === sealedIn(attempt.cookie)))
        expect(sessionIn(answer)).toBe(false);
      if (answersAttempt && cookie === attempt.cookie && adapterId === "demo")
        expect(sessionIn(answer)).toBe(code === attempt.code);
    }),
    runs(0.15),
  );
  expect(logged.leaks).toEqual([]);
  expect(logged.lines).toBeGreaterThan(0);
});

const sessionIn = (answer: Response) =>
  answer.headers.getSetCookie().some((cookie) => /^(__Host-)?session=[^;]/.test(cookie));

/** What a cookie holds, as bytes: several ways to write the last character of base64 mean the same. */
const sealedIn = (cookie: string) =>
  cookie
    .slice(cookie.indexOf("=") + 1)
    .split(".")
    .map((part) => Buffer.from(part, "base64url").toString("hex"))
    .join(".");

type Spoilt = { at: number; put: string } | string | null;

/** The attempt's own, or with one character of it changed, or arbitrary text. */
function cookieOf({ cookie }: Attempt, spoilt: Spoilt): string {
  if (spoilt === null || typeof spoilt === "string") return spoilt ?? cookie;
  const at = spoilt.at % cookie.length;
  return cookie.slice(0, at) + spoilt.put + cookie.slice(at + 1);
}

function respond({ status, body, contentType }: { status: number; body: string; contentType: string }) {
  const headers = { "content-type": contentType, location: "https://evil.test/" };
  return new Response(status === 204 ? null : body, { status, headers });
}
