import { describe, expect, it } from "vitest";
import { AdapterError } from "./adapter.ts";
import { createAttempts } from "./attempts.ts";
import { APP, Browser, claimsOnce, testSealer } from "./testing/sign-in.ts";

const STATE = "s".repeat(43);
const connection = { origins: ["https://provider.example.com"] };

function setUp(options: { secureCookies?: boolean; now?: () => number } = {}) {
  const flow = createAttempts({
    sealer: testSealer,
    secureCookies: true,
    appOrigin: APP,
    claimOnce: claimsOnce(),
    ...options,
  });
  const browser = new Browser();

  async function begin(
    redirect: Partial<{
      state: string;
      to: string;
      cookies: string[];
      returnTo: string;
      adapterId: string;
    }> = {},
  ) {
    const {
      state = STATE,
      to = "https://provider.example.com/authorize",
      cookies = ["mine=1; Path=/"],
    } = redirect;
    const headers = new Headers({ location: `${to}?state=${state}`, "x-kept": "yes" });
    for (const cookie of cookies) headers.append("set-cookie", cookie);
    const response = await flow.begin({
      adapterId: redirect.adapterId ?? "github",
      connection,
      request: browser.request(new URL("/auth/github", APP)),
      response: new Response(null, { status: 302, headers }),
      returnTo: redirect.returnTo ?? "/dashboard?days=7",
    });
    browser.receive(response.headers.getSetCookie());
    return response;
  }

  async function resume(query: string, adapterId = "github") {
    const url = new URL(`/auth/${adapterId}/callback?${query}`, "http://10.0.0.7:3000");
    const resumed = await flow.resume({ adapterId, request: browser.request(url) });
    browser.receive(resumed.clear);
    return resumed;
  }
  return { flow, browser, begin, resume };
}

const refused = (detail: string) => ({ ok: false, error: new AdapterError("invalid_state", detail) });

describe("begin", () => {
  it("sends the adapter's redirect with one sealed cookie instead of the adapter's own", async () => {
    const { begin, browser } = setUp();
    const response = await begin({ cookies: ["verifier=secret-verifier; Path=/", "other=2"] });
    expect(response.status).toBe(302);
    expect(response.headers.get("location")).toBe(`https://provider.example.com/authorize?state=${STATE}`);
    expect(response.headers.get("x-kept")).toBe("yes");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(browser.setCookies).toHaveLength(1);
    expect(browser.setCookies[0]).toMatch(
      /^__Host-flow-[\w-]{16}=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(browser.setCookies[0]).not.toContain("secret-verifier");
  });

  it("does without Secure and __Host- where cookies cannot carry them", async () => {
    const { begin, browser, resume } = setUp({ secureCookies: false });
    await begin();
    expect(browser.setCookies[0]).toMatch(
      /^flow-[\w-]{16}=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect(await resume(`state=${STATE}`)).toMatchObject({ ok: true });
  });

  it("may lead back to the app itself", async () => {
    await expect(setUp().begin({ to: `${APP.origin}/auth/demo/callback` })).resolves.toBeInstanceOf(Response);
  });

  it.each([
    ["without a state", { state: "" }, "without a state of at least 22 characters"],
    ["with a guessable state", { state: "x".repeat(21) }, "without a state of at least 22 characters"],
    [
      "to an undeclared origin",
      { to: "https://evil.example.com/" },
      "origin that the connection does not declare",
    ],
    ["to a look-alike origin", { to: "https://provider.example.com.evil.test/" }, "does not declare"],
    ["to another scheme", { to: "http://provider.example.com/" }, "does not declare"],
    ["to a script", { to: "javascript:alert(1)//" }, "does not declare"],
    ["with more than a cookie holds", { cookies: [`big=${"x".repeat(3_000)}`] }, "bytes, over 3800"],
  ])("refuses a redirect %s, naming the adapter", async (_, redirect, fault) => {
    await expect(setUp().begin(redirect)).rejects.toThrow(new RegExp(`^Start of adapter github: .*${fault}`));
  });

  it.each([
    new Response(null, { status: 200 }),
    new Response(null, { status: 302 }),
    Response.json({}, { status: 401 }),
  ])("refuses an answer that is no redirect", async (response) => {
    const { flow, browser } = setUp();
    const request = browser.request(APP);
    await expect(
      flow.begin({ adapterId: "odd", connection, request, response, returnTo: "/" }),
    ).rejects.toThrow("Start of adapter odd: did not answer with a redirect");
  });

  it("keeps the four newest of sixty abandoned attempts, so that the header never grows", async () => {
    const { begin, browser, resume } = setUp();
    browser.receive(["__Host-session=someone; Path=/; Secure"]);
    const states = Array.from({ length: 60 }, (_, index) => `${index}`.padStart(43, "s"));
    for (const state of states) await begin({ state });
    expect(browser.cookies.size).toBe(1 + 4);
    expect(browser.cookies.has("__Host-session")).toBe(true);
    expect(await resume(`state=${states[55]}`)).toMatchObject(
      refused("this browser has no attempt of that state"),
    );
    for (const state of states.slice(56)) expect(await resume(`state=${state}`)).toMatchObject({ ok: true });
  });

  it("keeps fewer when they are large, because a server refuses more than 16 kB of headers", async () => {
    const { begin, browser } = setUp();
    for (let index = 0; index < 8; index += 1) {
      await begin({ state: `${index}`.padStart(43, "s"), cookies: [`big=${"x".repeat(1_800)}`] });
      expect(browser.request(APP).headers.get("cookie")?.length).toBeLessThan(8_192);
    }
    expect(browser.cookies.size).toBe(2);
  });
});

describe("resume", () => {
  it("hands finish the query, on the public origin, with the adapter's own cookies and no others", async () => {
    const { begin, browser, resume } = setUp();
    browser.receive(["__Host-session=someone", "mine=planted"]);
    await begin({ cookies: ["auth0:1f=state=a&a=b%20c; Path=/; Secure", "mine=1", "mine=2"] });
    const resumed = await resume(`state=${STATE}&code=c%20d`);
    if (!resumed.ok) throw resumed.error;
    expect(resumed.request.url).toBe(`${APP.origin}/auth/github/callback?state=${STATE}&code=c%20d`);
    expect(resumed.request.headers.get("cookie")).toBe("auth0:1f=state=a&a=b%20c; mine=2");
    expect(resumed.returnTo).toBe("/dashboard?days=7");
  });

  it("clears the attempt, so that a callback cannot be replayed", async () => {
    const { begin, browser, resume } = setUp();
    await begin();
    const resumed = await resume(`state=${STATE}`);
    expect(resumed.clear).toHaveLength(1);
    // A __Host- cookie is only replaced by one that is __Host- itself.
    expect(resumed.clear[0]).toMatch(
      /^__Host-flow-[\w-]{16}=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(browser.cookies.size).toBe(0);
    expect(await resume(`state=${STATE}`)).toMatchObject(
      refused("this browser has no attempt of that state"),
    );
  });

  it("is once: a copy of the cookie brings no attempt back", async () => {
    const { begin, browser, resume } = setUp();
    await begin();
    const copy = new Map(browser.cookies);
    expect(await resume(`state=${STATE}`)).toMatchObject({ ok: true });
    for (const [name, value] of copy) browser.cookies.set(name, value);
    expect(await resume(`state=${STATE}`)).toMatchObject(refused("the attempt was used"));
    expect(browser.cookies.size).toBe(0);
  });

  it("lets several tabs finish in any order", async () => {
    const { begin, resume } = setUp();
    const states = ["a", "b", "c"].map((letter) => letter.repeat(43));
    for (const state of states)
      await begin({ state, cookies: [`tab=${state[0]}`], returnTo: `/${state[0]}` });
    for (const state of states.toReversed()) {
      const resumed = await resume(`state=${state}`);
      if (!resumed.ok) throw resumed.error;
      expect(resumed.request.headers.get("cookie")).toBe(`tab=${state[0]}`);
      expect(resumed.returnTo).toBe(`/${state[0]}`);
    }
  });

  it("refuses a callback without a state, or with one that this browser never had", async () => {
    const { begin, browser, resume } = setUp();
    await begin();
    for (const query of ["", "code=c", "state="])
      expect(await resume(query)).toMatchObject({ ...refused("the callback has no state"), clear: [] });
    expect(await resume(`state=${STATE}x`)).toMatchObject({
      ...refused("this browser has no attempt of that state"),
      clear: [],
    });
    expect(browser.cookies.size).toBe(1);
  });

  it("refuses the attempt of another adapter, and clears it", async () => {
    const { begin, browser, resume } = setUp();
    await begin({ adapterId: "auth0" });
    expect(await resume(`state=${STATE}`, "github")).toMatchObject(
      refused("the attempt belongs to another adapter"),
    );
    expect(browser.cookies.size).toBe(0);
  });

  it("refuses a cookie that was tampered with or moved to another state, and clears it", async () => {
    const { begin, browser, resume } = setUp();
    await begin({ state: "a".repeat(43) });
    await begin({ state: "b".repeat(43) });
    const [first = "", second = ""] = browser.cookies.keys();
    browser.cookies.set(second, browser.cookies.get(first) ?? "");
    expect(await resume(`state=${"b".repeat(43)}`)).toMatchObject(refused("the state is another one"));
    browser.cookies.set(first, `${browser.cookies.get(first)?.slice(0, -4)}AAAA`);
    expect(await resume(`state=${"a".repeat(43)}`)).toMatchObject(
      refused("the attempt's cookie was not sealed here or has expired"),
    );
    expect(browser.cookies.size).toBe(0);
  });

  it("refuses an attempt older than ten minutes even when its cookie stays", async () => {
    let now = 1_000_000;
    const { begin, resume } = setUp({ now: () => now });
    await begin({ state: "a".repeat(43) });
    await begin({ state: "b".repeat(43) });
    now += 600_000;
    expect(await resume(`state=${"a".repeat(43)}`)).toMatchObject({ ok: true });
    now += 1;
    expect(await resume(`state=${"b".repeat(43)}`)).toMatchObject(refused("the attempt is too old"));
  });

  it("stays on the app's origin whatever path the request names", async () => {
    const { begin, flow, browser } = setUp();
    await begin();
    const request = browser.request(new URL(`https://app.example.com//evil.test/x?state=${STATE}`));
    const resumed = await flow.resume({ adapterId: "github", request });
    expect(resumed.ok && new URL(resumed.request.url).origin).toBe(APP.origin);
  });
});
