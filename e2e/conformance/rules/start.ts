/** START: leaving for the provider. */
import assert from "node:assert/strict";
import { parseSetCookie } from "cookie";
import { type AdapterUnderTest, APP, Browser, redirecting, startAttempt } from "../run/adapter-under-test.ts";
import { newCookies } from "../run/http.ts";
import { demand } from "../run/outcome.ts";
import type { Rule } from "./define.ts";

const EVIL = "https://evil.example";
const hostileQuery = [
  "code",
  "state",
  "error",
  "iss",
  "scope",
  "prompt",
  "redirect_uri",
  "redirect",
  "returnTo",
  "return_to",
  "next",
  "url",
  "domain",
  "issuer",
  "origin",
  "connection",
  "login_hint",
].map((name) => `${name}=${encodeURIComponent(`${EVIL}/${name}`)}`);

/** Where `start` itself leads, before any host looks at it. */
async function startOf(
  adapter: AdapterUnderTest,
  query: readonly string[] = [],
  headers: Record<string, string> = {},
) {
  const url = new URL(adapter.startPath(await adapter.provider.person()), APP);
  const more = query.filter((pair) => !url.searchParams.has(pair.split("=")[0] ?? "")).join("&");
  url.search = [url.search.slice(1), more].filter(Boolean).join("&");
  const response = await redirecting(adapter).start(new Request(url, { headers }));
  const location = response.headers.get("location") ?? "";
  assert.ok(response.status >= 300 && response.status < 400, `start answered ${response.status}`);
  assert.ok(URL.canParse(location, APP), "start leads nowhere");
  return new URL(location, APP);
}

/** Values that are new at each attempt; all else must stay. */
const FRESH = ["state", "nonce", "code_challenge", "code"];

function constant(url: URL): string {
  const constants = [...url.searchParams].filter(([name]) => !FRESH.includes(name));
  return `${url.origin}${url.pathname}?${constants
    .map((pair) => pair.join("="))
    .sort()
    .join("&")}`;
}

/** Several attempts' values of a parameter: none may be missing, short, or like another. */
async function assertRandom(adapter: AdapterUnderTest, name: string) {
  const urls = await Promise.all(Array.from({ length: 6 }, () => startOf(adapter)));
  const values = urls.map((url) => url.searchParams.get(name) ?? "");
  for (const [index, value] of values.entries()) {
    assert.ok(value.length >= 22, `${name} has ${value.length} characters, 128 bits need 22`);
    for (const other of values.slice(index + 1)) {
      const equal = [...value].filter((character, at) => other[at] === character).length;
      // Of 43 random characters in base64url, one is equal by chance; half never are.
      assert.ok(equal < value.length / 2, `two values of ${name} are alike in ${equal} characters`);
    }
  }
}

export const startRules: Rule[] = [
  {
    id: "START-1",
    sentence: "only a POST of the app's own page starts a sign-in",
    catches: "a link or an image on another site that signs its reader in as another user",
    needs: ["redirect"],
    app: {
      profile: "tutorial",
      fix: "start a sign-in by POST only, and compare the Origin header with your own origin",
      async check(app) {
        const path = `/auth/${await app.signInId()}`;
        const send = (method: string, headers: Record<string, string>) =>
          app.client.send(method, path, { headers, body: method === "POST" ? "" : undefined });
        const form = { "content-type": "application/x-www-form-urlencoded" };
        for (const [what, reply] of [
          ["a GET", await send("GET", {})],
          ["a POST of another origin", await send("POST", { ...form, origin: EVIL })],
          ["a POST without an Origin", await send("POST", form)],
          [
            "a cross-site POST",
            await send("POST", { ...form, origin: app.origin, "sec-fetch-site": "cross-site" }),
          ],
        ] as const) {
          demand(newCookies(reply).length === 0, `${what} began an attempt`);
          demand(
            reply.location === null || reply.location.origin === app.origin,
            `${what} leads to the provider`,
          );
        }
      },
    },
  },
  {
    id: "START-2",
    sentence: "the redirect leads to a declared origin, whatever the start's address says",
    catches: "an open redirect through the start's query",
    needs: ["redirect"],
    contract: async (adapter) => {
      const { origins } = redirecting(adapter);
      const { origin } = await startOf(adapter, hostileQuery);
      assert.ok([...origins, APP.origin].includes(origin), `start leads to ${origin}, which is not declared`);
      for (const declared of origins) assert.equal(new URL(declared).origin, declared);
    },
  },
  {
    id: "START-3",
    sentence: "state has at least 128 bits and is new each time",
    catches: "a state that is fixed, counted or guessed",
    needs: ["redirect"],
    contract: (adapter) => assertRandom(adapter, "state"),
  },
  {
    id: "START-4",
    sentence: "the provider receives an S256 challenge that is new each time",
    catches: "no PKCE, plain PKCE, or one verifier for all users",
    needs: ["redirect", "pkce"],
    contract: async (adapter) => {
      const { searchParams } = await startOf(adapter);
      assert.equal(searchParams.get("code_challenge_method"), "S256");
      assert.match(searchParams.get("code_challenge") ?? "", /^[\w-]{43}$/);
      await assertRandom(adapter, "code_challenge");
    },
  },
  {
    id: "START-5",
    sentence: "the provider receives the configured callback byte for byte, whatever host the request names",
    catches: "a redirect_uri made from the Host header",
    needs: ["redirect"],
    contract: async (adapter) => {
      const { callbackUrl } = adapter.registered;
      const headers = {
        host: "evil.example",
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "http",
        forwarded: "host=evil.example",
      };
      const url = await startOf(adapter, [], headers);
      // An adapter that is its own provider leads straight to the callback.
      const asked = url.searchParams.get("redirect_uri") ?? `${url.origin}${url.pathname}`;
      assert.equal(asked, callbackUrl.href);
    },
  },
  {
    id: "START-6",
    sentence: "an attempt is one cookie that scripts cannot read and that lives ten minutes at most",
    catches: "state or verifier readable in the browser, or kept for ever",
    needs: ["redirect"],
    contract: async (adapter) => {
      const { browser, asked } = await startAttempt(adapter, await adapter.provider.person());
      assert.equal(browser.setCookies.length, 1, "an attempt sets one cookie");
      const [header = ""] = browser.setCookies;
      const { name, value = "", maxAge = Number.POSITIVE_INFINITY, ...attributes } = parseSetCookie(header);
      assert.match(name, /^__Host-/);
      assert.deepEqual(
        {
          httpOnly: attributes.httpOnly,
          secure: attributes.secure,
          sameSite: attributes.sameSite,
          path: attributes.path,
        },
        { httpOnly: true, secure: true, sameSite: "lax", path: "/" },
      );
      assert.ok(maxAge > 0 && maxAge <= 600, `it lives for ${maxAge} s`);
      const state = asked.searchParams.get("state") ?? "";
      for (const text of [header, Buffer.from(value, "base64url").toString("latin1")])
        assert.ok(!text.includes(state), "the state can be read in the cookie");
    },
  },
  {
    id: "START-7",
    sentence: "the provider receives the same questions whatever query the start was called with",
    catches: "scopes, prompts or codes passed on from a link",
    needs: ["redirect"],
    contract: async (adapter) => {
      const [plain, hostile] = [await startOf(adapter), await startOf(adapter, hostileQuery)];
      // The fixed personas of an adapter may differ from start to start, its questions not.
      assert.equal(constant(hostile), constant(plain));
      for (const name of FRESH)
        assert.ok(!hostile.searchParams.get(name)?.includes(EVIL), `${name} was taken from the query`);
    },
  },
  {
    id: "START-8",
    sentence: "a hostile way back leads to the dashboard",
    catches: "an open redirect after signing in",
    needs: ["redirect"],
    browser: true,
  },
  {
    id: "START-9",
    sentence: "sixty abandoned attempts leave less than 8 kB of cookies, and the next one works",
    catches: "a header that grows until the server refuses it",
    needs: ["redirect"],
    contract: async (adapter) => {
      const person = await adapter.provider.person();
      const browser = new Browser();
      for (let abandoned = 0; abandoned < 60; abandoned += 1) await startAttempt(adapter, person, browser);
      const cookies = browser.request(APP).headers.get("cookie") ?? "";
      assert.ok(cookies.length < 8_192, `sixty attempts leave ${cookies.length} bytes of cookies`);
      const attempt = await startAttempt(adapter, person, browser);
      await attempt.finish(await attempt.answer());
    },
  },
  {
    id: "START-10",
    sentence: "the provider receives a nonce that is new each time",
    catches: "a replayed id_token",
    needs: ["redirect", "nonce"],
    contract: (adapter) => assertRandom(adapter, "nonce"),
  },
];
