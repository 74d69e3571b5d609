/** The numbered traps are those of the remix-auth strategies, as measured against the published packages. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { Strategy } from "remix-auth/strategy";
import { Auth0Strategy } from "remix-auth-auth0";
import { GitHubStrategy } from "remix-auth-github";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AdapterError, type Identity, type RedirectConnection } from "./adapter.ts";
import { debugLeaksSecrets } from "./debug-output.ts";
import { type FromStrategyOptions, fromStrategy } from "./from-strategy.ts";
import { github } from "./github.ts";
import { type Route, startProvider, type TestProvider } from "./testing/provider.ts";
import { APP, Browser, createHost } from "./testing/sign-in.ts";

const CALLBACK = new URL("/auth/x/callback", APP);
const user = { issuer: "https://provider.example.com", subject: "1" };
const credentials = { clientId: "client", clientSecret: "canary-secret", redirectURI: CALLBACK };

const rawGithub = () => new GitHubStrategy<Identity>(credentials, async () => user);
const rawAuth0 = () =>
  new Auth0Strategy<Identity>({ ...credentials, domain: "provider.example.com" }, async () => user);
const raw = [
  ["github", rawGithub],
  ["auth0", rawAuth0],
] as const;

/** A strategy of another author, that sends `state` as it should. */
class OwnStrategy extends Strategy<Identity, never> {
  override name = "own";
  readonly #callback: (request: Request) => Promise<Identity>;
  constructor(callback: (request: Request) => Promise<Identity> = async () => user) {
    super(async () => user);
    this.#callback = callback;
  }
  override async authenticate(request: Request): Promise<Identity> {
    if (new URL(request.url).searchParams.has("code")) return this.#callback(request);
    throw Response.redirect(`https://provider.example.com/authorize?state=${crypto.randomUUID()}`);
  }
}

function hostOf(strategy: FromStrategyOptions["strategy"], options: Partial<FromStrategyOptions> = {}) {
  const origins = ["https://provider.example.com", "https://github.com"];
  return createHost("x", { origins, ...fromStrategy({ strategy, ...options }) });
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error("it was expected to fail")),
    (error: unknown) => error as AdapterError,
  );
const stateOf = (url: URL) => url.searchParams.get("state") ?? "";

let provider: TestProvider | undefined;
afterEach(async () => {
  await provider?.close();
  provider = undefined;
});

/** The GitHub adapter against a provider on loopback. */
async function githubHost(routes: Record<string, Route> = {}, clientSecret = "canary-secret") {
  provider = await startProvider({
    "POST /login/oauth/access_token": () =>
      Response.json({ access_token: "canary-token", token_type: "bearer" }),
    "GET /api/v3/user": () => Response.json({ id: 583231, login: "ada", name: null }),
    ...routes,
  });
  const env = {
    GITHUB_CLIENT_ID: "client",
    GITHUB_CLIENT_SECRET: clientSecret,
    GITHUB_URL: new URL(provider.url),
  };
  const connection = await github.connect(env, { origin: APP, callbackUrl: CALLBACK, secureCookies: true });
  return { provider, host: createHost("github", connection as RedirectConnection), browser: new Browser() };
}

describe("traps of the strategies", () => {
  it.each(raw)("D1: a start address with state, error or code still starts (%s)", async (_, strategy) => {
    const trap = new Request(`${APP.origin}/auth/x?state=x&error=foo&code=c`);
    await expect(strategy().authenticate(trap)).rejects.toBeInstanceOf(Error);

    const url = await hostOf(strategy).leave(
      new Browser(),
      "/auth/x?state=x&error=foo&code=c&invitation=evil",
    );
    expect(stateOf(url).length).toBeGreaterThanOrEqual(43);
    expect(url.searchParams.get("redirect_uri")).toBe(CALLBACK.href);
    expect(url.href).not.toMatch(/foo|evil/);
  });

  it.each(raw)(
    "D2: a callback without state is refused and never starts a new sign-in (%s)",
    async (_, strategy) => {
      const { finish } = fromStrategy({ strategy });
      const request = new Request(`${CALLBACK.href}?error=access_denied`, {
        headers: { cookie: "from-strategy=a.b" },
      });
      expect(await failure(finish(request))).toMatchObject({ code: "invalid_state" });
      const host = hostOf(strategy);
      const browser = new Browser();
      await host.leave(browser);
      expect(await failure(host.comeBack(browser, { error: "access_denied" }))).toMatchObject({
        code: "invalid_state",
      });
    },
  );

  it("D2: a strategy that starts again on the second leg is an error, not a redirect", async () => {
    const again = new OwnStrategy(async () => {
      throw Response.redirect("https://provider.example.com/authorize?state=again");
    });
    const host = hostOf(() => again);
    const browser = new Browser();
    const state = stateOf(await host.leave(browser));
    expect(await failure(host.comeBack(browser, { state, code: "c" }))).toMatchObject({
      code: "invalid_response",
    });
  });

  it.each(raw)(
    "D3: an error counts only after the state, and its text goes nowhere (%s)",
    async (_, strategy) => {
      const attack = {
        error: "access_denied",
        error_description: "Call 555-EVIL",
        error_uri: "https://evil.test",
      };
      const host = hostOf(strategy);
      const browser = new Browser();
      const state = stateOf(await host.leave(browser));
      const forged = await failure(host.comeBack(browser, { ...attack, state: "f".repeat(43) }));
      expect(forged).toMatchObject({ code: "invalid_state" });
      const denied = await failure(host.comeBack(browser, { ...attack, state }));
      expect(denied).toMatchObject({ code: "access_denied", message: "access_denied: the user cancelled" });
    },
  );

  it.each([
    ["server_error", "the provider answered server_error"],
    ["<b>Call 555-EVIL</b>", "the provider answered an odd error"],
    ["", "the provider answered an odd error"],
  ])("D3: another error is the provider's (%j)", async (error, detail) => {
    const host = hostOf(rawGithub);
    const browser = new Browser();
    const state = stateOf(await host.leave(browser));
    expect(await failure(host.comeBack(browser, { error, state }))).toMatchObject({
      code: "provider_unavailable",
      message: `provider_unavailable: ${detail}`,
    });
  });

  it("D4: two tabs both finish, each with its own verifier", async () => {
    const { host, browser, provider } = await githubHost();
    const tabs = [await host.leave(browser), await host.leave(browser)];
    for (const [index, url] of tabs.entries()) {
      await host.comeBack(browser, { state: stateOf(url), code: `code-${index}` });
      const { form } = provider.received.filter(({ route }) => route.startsWith("POST"))[index]!;
      const challenge = createHash("sha256").update(form.get("code_verifier")!).digest("base64url");
      expect(form.get("code")).toBe(`code-${index}`);
      expect(url.searchParams.get("code_challenge")).toBe(challenge);
      expect(url.searchParams.get("code_challenge_method")).toBe("S256");
    }
    expect(tabs[0]?.searchParams.get("code_challenge")).not.toBe(tabs[1]?.searchParams.get("code_challenge"));
  });

  it("D5: a cookie whose name merely begins like the strategy's does not vouch for a state", async () => {
    const evil = { state: "evil", code: "c" };
    const planted = new Request(`${CALLBACK.href}?${new URLSearchParams(evil)}`, {
      headers: { cookie: "auth0_session=evil=verifier" },
    });
    const exchanged: string[] = [];
    class Observed extends Auth0Strategy<Identity> {
      protected override validateAuthorizationCode(code: string): never {
        exchanged.push(code);
        throw new Error("no tokens here");
      }
    }
    const strategy = () => new Observed({ ...credentials, domain: "x.test" }, async () => user);
    await expect(strategy().authenticate(planted)).rejects.toThrow("no tokens here");
    expect(exchanged).toEqual(["c"]);

    const host = createHost("x", { origins: ["https://x.test"], ...fromStrategy({ strategy }) });
    const browser = new Browser();
    browser.receive(["auth0_session=evil=verifier", "__Host-flow-evil=verifier"]);
    await host.leave(browser);
    expect(await failure(host.comeBack(browser, evil))).toMatchObject({ code: "invalid_state" });
    expect(exchanged).toEqual(["c"]);
  });

  it("D6: sixty abandoned starts leave four cookies, and a finished one leaves none to replay", async () => {
    const { host, browser, provider } = await githubHost();
    for (let index = 0; index < 60; index += 1) await host.leave(browser);
    expect(browser.cookies.size).toBe(4);
    const answer = { state: stateOf(await host.leave(browser)), code: "once" };
    expect(await host.comeBack(browser, answer)).toMatchObject({ subject: "583231" });
    expect(browser.cookies.size).toBe(3);
    expect(await failure(host.comeBack(browser, answer))).toMatchObject({ code: "invalid_state" });
    expect(provider.received.filter(({ route }) => route.startsWith("POST"))).toHaveLength(1);
  });

  it("D6: a failed callback uses the attempt up as well", async () => {
    const { host, browser } = await githubHost();
    const state = stateOf(await host.leave(browser));
    expect(await failure(host.comeBack(browser, { state, error: "server_error" }))).toBeInstanceOf(
      AdapterError,
    );
    expect(browser.cookies.size).toBe(0);
    expect(await failure(host.comeBack(browser, { state, code: "c" }))).toMatchObject({
      code: "invalid_state",
    });
  });

  it.each(raw)(
    "D7: the browser holds a sealed, Secure, __Host- cookie and none of the strategy's (%s)",
    async (_, strategy) => {
      const browser = new Browser();
      const url = await hostOf(strategy).leave(browser);
      expect(browser.setCookies).toHaveLength(1);
      expect(browser.setCookies[0]).toMatch(
        /^__Host-flow-.*; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      );
      expect(browser.setCookies[0]).not.toContain(stateOf(url));
    },
  );

  it("D8: an answer of another issuer is refused before anything is done with it", async () => {
    const { host, browser, provider } = await githubHost();
    const leave = async () => ({ state: stateOf(await host.leave(browser)), code: "c" });
    for (const wrong of [
      { iss: "https://evil.test" },
      { iss: "" },
      { iss: "https://evil.test", error: "access_denied" },
    ])
      expect(await failure(host.comeBack(browser, { ...(await leave()), ...wrong }))).toMatchObject({
        code: "invalid_response",
        message: "invalid_response: the answer names another issuer",
      });
    expect(provider.received).toEqual([]);
    const right = { ...(await leave()), iss: `${provider.url}/login/oauth` };
    expect(await host.comeBack(browser, right)).toMatchObject({ subject: "583231" });
    expect(await host.comeBack(browser, await leave())).toMatchObject({ subject: "583231" });
  });

  it("D8: where a provider always names itself, an answer without iss is refused", async () => {
    const host = hostOf(() => new OwnStrategy(), { issuer: user.issuer, issRequired: true });
    const browser = new Browser();
    const leave = async () => ({ state: stateOf(await host.leave(browser)), code: "c" });
    expect(await failure(host.comeBack(browser, await leave()))).toMatchObject({ code: "invalid_response" });
    expect(await host.comeBack(browser, { ...(await leave()), iss: user.issuer })).toEqual(user);
  });

  it("D9: nothing is discovered, so nothing can be downgraded: no call before the code comes back", async () => {
    const { host, browser, provider } = await githubHost();
    const url = await host.leave(browser);
    expect(url.searchParams.get("code_challenge_method")).toBe("S256");
    expect(provider.received).toEqual([]);
  });

  it("D10: every endpoint is where the configuration says", async () => {
    const { host, browser, provider } = await githubHost();
    const url = await host.leave(browser);
    expect(url.origin + url.pathname).toBe(`${provider.url}/login/oauth/authorize`);
    await host.comeBack(browser, { state: stateOf(url), code: "c" });
    expect(provider.received.map(({ route }) => route)).toEqual([
      "POST /login/oauth/access_token",
      "GET /api/v3/user",
    ]);
  });

  it("D11: DEBUG is judged by whether the strategies really print their secrets with it", async () => {
    const program = `
      import { Auth0Strategy } from "remix-auth-auth0";
      import { GitHubStrategy } from "remix-auth-github";
      const options = { clientId: "c", clientSecret: "canary-secret", domain: "x.test", redirectURI: "https://x.test/" };
      for (const Strategy of [Auth0Strategy, GitHubStrategy])
        await new Strategy(options, null).authenticate(new Request("https://x.test/")).catch(() => {});`;
    const prints = async (DEBUG: string) => {
      const env = { DEBUG, NODE_ENV: "test" } as const;
      const args = ["--input-type=module", "-e", program];
      const { stderr } = await promisify(execFile)(process.execPath, args, { env });
      return /canary-secret|Generated State/.test(stderr);
    };
    const cases = {
      "*": true,
      "http, Auth0*": true,
      "*Strategy,-Auth0*": true,
      "http:*": false,
    };
    for (const [DEBUG, leaks] of Object.entries(cases)) {
      expect([DEBUG, await prints(DEBUG)]).toEqual([DEBUG, leaks]);
      expect([DEBUG, debugLeaksSecrets(DEBUG)]).toEqual([DEBUG, leaks]);
    }
    expect(debugLeaksSecrets(undefined)).toBe(false);
  });

  it.each([
    [
      "the token endpoint refuses",
      {
        "POST /login/oauth/access_token": () =>
          Response.json({ error: "bad_verification_code", error_description: "canary" }),
      },
    ],
    [
      "the token endpoint fails",
      { "POST /login/oauth/access_token": () => new Response("canary", { status: 500 }) },
    ],
    [
      "the token endpoint redirects",
      {
        "POST /login/oauth/access_token": () =>
          new Response(null, { status: 302, headers: { location: "/canary" } }),
      },
    ],
    ["the profile fails", { "GET /api/v3/user": () => new Response("canary", { status: 500 }) }],
    ["the profile is no JSON", { "GET /api/v3/user": () => new Response("canary") }],
  ])("D12: when %s, the error has our code and nothing of the provider's", async (_, routes) => {
    const { host, browser } = await githubHost(routes);
    const state = stateOf(await host.leave(browser));
    const error = await failure(host.comeBack(browser, { state, code: "canary-code" }));
    expect(error).toBeInstanceOf(AdapterError);
    expect(error.code).toBe("provider_unavailable");
    expect(JSON.stringify([error.message, error.cause ?? null])).not.toContain("canary");
  });

  it.each([
    new ReferenceError("Missing state on cookie."),
    new RangeError("State canary doesn't match"),
    "a string",
    undefined,
  ])("D12: whatever a strategy throws becomes one code (%s)", async (thrown) => {
    const host = hostOf(() => new OwnStrategy(() => Promise.reject(thrown)));
    const browser = new Browser();
    const state = stateOf(await host.leave(browser));
    const error = await failure(host.comeBack(browser, { state, code: "c" }));
    expect(error).toMatchObject({ name: "AdapterError", code: "provider_unavailable" });
    expect(error.message).not.toContain("canary");
  });

  it.each(["a:b+c d%/&=", "pässwörd-名前"])("D13: the client secret %j arrives as it is", async (secret) => {
    const { host, browser, provider } = await githubHost({}, secret);
    await host.comeBack(browser, { state: stateOf(await host.leave(browser)), code: "c" });
    expect(provider.received[0]?.form.get("client_secret")).toBe(secret);
    expect(provider.received[0]?.headers.get("authorization")).toBeNull();
  });

  it("D14: nothing is revoked: signing in asks for the token and the profile, and for nothing after that", async () => {
    const { host, browser, provider } = await githubHost();
    await host.comeBack(browser, { state: stateOf(await host.leave(browser)), code: "c" });
    expect(provider.received.at(-1)?.route).toBe("GET /api/v3/user");
    expect(provider.received.filter(({ route }) => /revoke|grant/.test(route))).toEqual([]);
  });

  it("D15: a redirect with immutable headers or several cookies is copied, not changed", async () => {
    const immutable = hostOf(() => new OwnStrategy());
    await expect(immutable.leave(new Browser())).resolves.toBeInstanceOf(URL);

    const seen: string[] = [];
    const several = hostOf(() => ({
      async authenticate(request) {
        if (new URL(request.url).searchParams.has("code")) {
          seen.push(request.headers.get("cookie") ?? "");
          return user;
        }
        const headers = new Headers({
          location: `https://provider.example.com/?state=${crypto.randomUUID()}`,
        });
        headers.append("set-cookie", "one=1; Expires=Wed, 21 Oct 2099 07:28:00 GMT");
        headers.append("set-cookie", "two=2");
        throw new Response(null, { status: 303, headers });
      },
    }));
    const browser = new Browser();
    await several.comeBack(browser, { state: stateOf(await several.leave(browser)), code: "c" });
    expect(seen[0]).toMatch(/^one=1; two=2; from-strategy=/);
  });
});

describe("each leg", () => {
  it("refuses a strategy that signs a user in without asking the provider", async () => {
    const { start } = fromStrategy({ strategy: () => ({ authenticate: async () => user }) });
    expect(await failure(start(new Request(APP)))).toMatchObject({ code: "invalid_response" });
  });

  it("turns a strategy that cannot even be made into an AdapterError", async () => {
    const { start } = fromStrategy({
      strategy: () => {
        throw new TypeError("canary");
      },
    });
    expect(await failure(start(new Request(APP)))).toMatchObject({
      code: "provider_unavailable",
      message: "provider_unavailable: the strategy failed: TypeError",
    });
  });

  it("gives the strategy the same verifier and nonce in both legs, and new ones to every attempt", async () => {
    const seen: string[] = [];
    const host = hostOf(({ codeVerifier, nonce }) => {
      seen.push(codeVerifier, nonce);
      return new OwnStrategy();
    });
    const browser = new Browser();
    await host.comeBack(browser, { state: stateOf(await host.leave(browser)), code: "c" });
    await host.leave(browser);
    expect(seen.slice(0, 2)).toEqual(seen.slice(2, 4));
    expect(new Set(seen).size).toBe(4);
    for (const secret of seen) expect(secret).toMatch(/^[\w-]{43}$/);
  });

  it("refuses a callback that comes without a code, or without the cookies of its start", async () => {
    const host = hostOf(() => new OwnStrategy());
    const browser = new Browser();
    const state = stateOf(await host.leave(browser));
    expect(await failure(host.comeBack(browser, { state }))).toMatchObject({
      message: "invalid_response: the answer holds no code",
    });
    const { finish } = fromStrategy({ strategy: () => new OwnStrategy() });
    const bare = new Request(`${CALLBACK.href}?state=s&code=c`);
    expect(await failure(finish(bare))).toMatchObject({ code: "invalid_state" });
  });

  it("gives up at the deadline and aborts what is still going on", async () => {
    vi.useFakeTimers();
    let signal: AbortSignal | undefined;
    const hanging = new OwnStrategy((request) => {
      signal = request.signal;
      return new Promise((_, reject) =>
        signal?.addEventListener("abort", () => reject(new Error("too late"))),
      );
    });
    const { finish } = fromStrategy({ strategy: () => hanging, timeoutMs: 5_000 });
    const request = new Request(`${CALLBACK.href}?state=s&code=c`, {
      headers: { cookie: "from-strategy=a.b" },
    });
    const failed = failure(finish(request));
    await vi.advanceTimersByTimeAsync(4_999);
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await failed).toMatchObject({ message: "provider_unavailable: no answer within 5000 ms" });
    expect(signal?.aborted).toBe(true);
    vi.useRealTimers();
  });

  it("leaves no timer behind when it is done in time", async () => {
    vi.useFakeTimers();
    const { start } = fromStrategy({ strategy: () => new OwnStrategy() });
    await start(new Request(APP));
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});
