/** START: what the provider is asked. */
import { parseSetCookie } from "cookie";
import { assert, type Check } from "./check.ts";
import { APP, Browser, leave, redirecting, type Subject } from "./subject.ts";

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
  subject: Subject,
  query: readonly string[] = [],
  headers: Record<string, string> = {},
) {
  const url = new URL(subject.startPath(await subject.provider.person()), APP);
  const more = query.filter((pair) => !url.searchParams.has(pair.split("=")[0] ?? "")).join("&");
  url.search = [url.search.slice(1), more].filter(Boolean).join("&");
  const response = await redirecting(subject).start(new Request(url, { headers }));
  const location = response.headers.get("location") ?? "";
  assert.ok(response.status >= 300 && response.status < 400, `start answered ${response.status}`);
  assert.ok(URL.canParse(location, APP), "start leads nowhere");
  return new URL(location, APP);
}

/** Values that are new at each attempt; all else must stay. */
const FRESH = ["state", "nonce", "code_challenge", "code"];

function constant(url: URL): string {
  const kept = [...url.searchParams].filter(([name]) => !FRESH.includes(name));
  return `${url.origin}${url.pathname}?${kept
    .map((pair) => pair.join("="))
    .sort()
    .join("&")}`;
}

/** Several attempts' values of a parameter: none may be missing, short, or like another. */
async function assertRandom(subject: Subject, name: string) {
  const urls = await Promise.all(Array.from({ length: 6 }, () => startOf(subject)));
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

export const startChecks: Record<string, Check> = {
  "START-2": async (subject) => {
    const { origins } = redirecting(subject);
    const { origin } = await startOf(subject, hostileQuery);
    assert.ok([...origins, APP.origin].includes(origin), `start leads to ${origin}, which is not declared`);
    for (const declared of origins) assert.equal(new URL(declared).origin, declared);
  },

  "START-3": (subject) => assertRandom(subject, "state"),

  "START-4": async (subject) => {
    const { searchParams } = await startOf(subject);
    assert.equal(searchParams.get("code_challenge_method"), "S256");
    assert.match(searchParams.get("code_challenge") ?? "", /^[\w-]{43}$/);
    await assertRandom(subject, "code_challenge");
  },

  "START-5": async (subject) => {
    const { callbackUrl } = subject.registered;
    const headers = {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "http",
      forwarded: "host=evil.example",
    };
    const url = await startOf(subject, [], headers);
    // An adapter that is its own provider leads straight to the callback.
    const asked = url.searchParams.get("redirect_uri") ?? `${url.origin}${url.pathname}`;
    assert.equal(asked, callbackUrl.href);
  },

  "START-6": async (subject) => {
    const { browser, asked } = await leave(subject, await subject.provider.person());
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

  "START-7": async (subject) => {
    const [plain, hostile] = [await startOf(subject), await startOf(subject, hostileQuery)];
    // The fixed personas of an adapter may differ from start to start, its questions not.
    assert.equal(constant(hostile), constant(plain));
    for (const name of FRESH)
      assert.ok(!hostile.searchParams.get(name)?.includes(EVIL), `${name} was taken from the query`);
  },

  "START-9": async (subject) => {
    const person = await subject.provider.person();
    const browser = new Browser();
    for (let abandoned = 0; abandoned < 60; abandoned += 1) await leave(subject, person, browser);
    const cookies = browser.request(APP).headers.get("cookie") ?? "";
    assert.ok(cookies.length < 8_192, `sixty attempts leave ${cookies.length} bytes of cookies`);
    const attempt = await leave(subject, person, browser);
    await attempt.comeBack(await attempt.answer());
  },

  "START-10": (subject) => assertRandom(subject, "nonce"),
};
