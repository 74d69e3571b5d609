import { createLocalJWKSet, jwtVerify } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { startOidc } from "./oidc.ts";
import { CALLBACK, type Changes, CLIENT, testClient } from "./parts/test-client.ts";

const PATHS = { authorize: "/auth", token: "/token" };
const SIGN_IN = "https://app.example/sign-in";

// Loading the package and making its key would count against whichever test comes first.
beforeAll(async () => (await startOidc({ port: 0 })).close(), 30_000);

async function oidc() {
  const client = await testClient(startOidc, PATHS);
  const follow = async (response: Response, init?: RequestInit) => {
    const { pathname, search } = new URL(response.headers.get("location") ?? "", client.url);
    return client.browse(pathname + search, init);
  };
  const basic = [CLIENT.clientId, CLIENT.clientSecret].map((half) =>
    new URLSearchParams({ x: half }).toString().slice(2),
  );
  return {
    ...client,
    follow,
    /** Asks, presses a button, and answers where the browser is sent in the end. */
    async answer(button: Record<string, string>, changes: Changes = {}): Promise<URL> {
      const asked = await client.ask({ nonce: "n-1", ...changes });
      const pressed = await follow(asked, { method: "POST", body: new URLSearchParams(button) });
      return new URL((await follow(pressed)).headers.get("location") ?? "about:blank");
    },
    async exchange(url: URL, changes: Changes = {}) {
      const noSecret = { client_id: null, client_secret: null };
      const response = await client.exchange(
        url.searchParams.get("code"),
        { ...noSecret, ...changes },
        {
          authorization: `Basic ${btoa(basic.join(":"))}`,
        },
      );
      return {
        status: response.status,
        location: response.headers.get("location"),
        body: await response.text(),
      };
    },
    received: async () => (await client.control("/requests")).body.requests,
  };
}
const json = ({ body }: { body: string }) => JSON.parse(body);

describe("signing in", () => {
  it("asks on our page, and answers what a careful application accepts", async () => {
    const client = await oidc();
    const page = await client.follow(await client.ask({ nonce: "n-1" }));
    expect(await page.text()).toMatch(/<button name="persona" value="barbara">Continue as Barbara Liskov/);

    const url = await client.answer({ persona: "barbara" });
    expect(Object.fromEntries(url.searchParams)).toEqual({
      code: expect.any(String),
      state: "s".repeat(43),
      iss: client.url,
    });
    const answer = json(await client.exchange(url));
    const keys = createLocalJWKSet(await (await fetch(`${client.url}/jwks`)).json());
    const { payload } = await jwtVerify(answer.id_token, keys, { issuer: client.url, audience: "app" });
    expect(payload).toMatchObject({ sub: "3f0c1e6e-9d1a-4c55-8a39-0d6a1f0a7b11", nonce: "n-1" });
    expect(payload).not.toHaveProperty("name");
    expect(await (await client.api("/me", answer.access_token)).json()).toEqual({
      sub: "3f0c1e6e-9d1a-4c55-8a39-0d6a1f0a7b11",
      name: "Barbara Liskov",
      email: "barbara@example.com",
      email_verified: true,
    });
    expect(await client.received()).toMatchObject([
      { endpoint: "authorize", method: "GET", persona: null, status: 303 },
      { endpoint: "authorize", method: "GET", persona: null, status: 303 },
      { endpoint: "authorize", method: "POST", persona: "barbara", query: { nonce: "n-1" }, status: 303 },
      {
        endpoint: "token",
        client_auth: "basic",
        client_id: "app",
        redirect_uri: CALLBACK,
        pkce: "matched",
        persona: "barbara",
        error: null,
        status: 200,
      },
      { endpoint: "userinfo", persona: "barbara", status: 200 },
    ]);
  });

  it("takes personas from the control API, whatever their subject looks like", async () => {
    const client = await oidc();
    await client.control("/personas", { id: "odd", subject: "a/b?c#d%2F..|名" });
    const { access_token } = json(await client.exchange(await client.answer({ persona: "odd" })));
    expect(await (await client.api("/me", access_token)).json()).toEqual({ sub: "a/b?c#d%2F..|名" });
  });

  it("redirects back with an error when the user cancels, in its own name", async () => {
    const client = await oidc();
    const url = await client.answer({ deny: "1" });
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      error: "access_denied",
      state: "s".repeat(43),
      iss: client.url,
    });
  });

  it.each<[string, Changes]>([
    ["state is missing", { state: null }],
    ["nonce is missing", { nonce: null }],
    ["client is invalid", { client_id: "another" }],
    ["redirect_uri", { redirect_uri: `${CALLBACK}/` }],
  ])("refuses on a page of its own: %s", async (fault, changes) => {
    const client = await oidc();
    const response = await client.ask({ nonce: "n-1", ...changes });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(fault);
  });

  it("refuses to go without PKCE, and with less than S256", async () => {
    const client = await oidc();
    for (const changes of [
      { code_challenge: null, code_challenge_method: null },
      { code_challenge_method: "plain" },
    ]) {
      const location = (await client.ask({ nonce: "n-1", ...changes })).headers.get("location") ?? "";
      expect(new URL(location).searchParams.get("error")).toBe("invalid_request");
    }
  });

  it.each<[string, Changes, string, string]>([
    ["another verifier", { code_verifier: "v".repeat(43) }, "mismatched", "invalid_grant"],
    ["no verifier", { code_verifier: null }, "missing", "invalid_grant"],
    ["another address", { redirect_uri: `${CALLBACK}/` }, "matched", "invalid_grant"],
  ])("gives no token for %s, and writes down whose code it was", async (_, changes, pkce, error) => {
    const client = await oidc();
    const answer = await client.exchange(await client.answer({ persona: "edsger" }), changes);
    expect([answer.status, json(answer).error]).toEqual([400, error]);
    expect((await client.received()).at(-1)).toMatchObject({
      endpoint: "token",
      pkce,
      persona: "edsger",
      error,
      status: 400,
    });
  });

  it("gives a token once, and none without the client's secret", async () => {
    const client = await oidc();
    const url = await client.answer({ persona: "edsger" });
    expect((await client.exchange(url)).status).toBe(200);
    expect((await client.exchange(url)).status).toBe(400);
    const bare = await testClient(startOidc, PATHS);
    expect((await bare.exchange("code")).status).toBe(401);
    expect((await bare.control("/requests")).body.requests).toMatchObject([
      { client_auth: "post", error: "invalid_client" },
    ]);
  });

  it("refuses a page of an attempt that this browser did not start", async () => {
    const client = await oidc();
    const location = (await client.ask({ nonce: "n-1" })).headers.get("location");
    expect((await fetch(client.url + location)).status).toBe(400);
    expect(
      (
        await client.follow(await client.ask({ nonce: "n-1" }), {
          method: "POST",
          body: new URLSearchParams({ persona: "unknown" }),
        })
      ).status,
    ).toBe(400);
  });
});

describe("the provider's own session", () => {
  it("lets the same person in again unasked, until they sign out here", async () => {
    const client = await oidc();
    await client.answer({ persona: "barbara" });
    const again = await client.ask({ nonce: "n-2" });
    expect(new URL(again.headers.get("location") ?? "").searchParams.get("code")).toEqual(expect.any(String));

    const query = new URLSearchParams({ client_id: "app", post_logout_redirect_uri: SIGN_IN });
    const page = await client.browse(`/session/end?${query}`);
    const html = await page.text();
    expect(html).toContain("Do you want to sign out here as well?");
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(html)?.[1] ?? "";
    const body = new URLSearchParams({ xsrf, logout: "yes" });
    const out = await client.browse("/session/end/confirm", { method: "POST", body });
    expect([out.status, out.headers.get("location")]).toEqual([303, SIGN_IN]);
    expect((await client.ask({ nonce: "n-3" })).headers.get("location")).toMatch(/^\/interaction\//);
    expect((await client.received()).slice(2)).toMatchObject([
      { endpoint: "authorize", persona: "barbara", status: 303 },
      { endpoint: "logout", query: { client_id: "app", post_logout_redirect_uri: SIGN_IN }, status: 200 },
      { endpoint: "logout", query: {}, status: 303 },
      { endpoint: "authorize", persona: null },
    ]);
  });

  it("is one for two tabs that were open at the same time", async () => {
    const client = await oidc();
    const tabs = [await client.ask({ nonce: "n-1" }), await client.ask({ nonce: "n-2" })];
    const codes: URL[] = [];
    for (const tab of tabs) {
      const body = new URLSearchParams({ persona: "barbara" });
      const pressed = await client.follow(tab, { method: "POST", body });
      codes.push(new URL((await client.follow(pressed)).headers.get("location") ?? ""));
    }
    for (const url of codes.reverse()) expect((await client.exchange(url)).status).toBe(200);
  });

  it("leads to registered addresses only", async () => {
    const client = await oidc();
    const query = new URLSearchParams({
      client_id: "app",
      post_logout_redirect_uri: "https://evil.example/",
    });
    expect((await client.browse(`/session/end?${query}`)).status).toBe(400);
  });
});

describe("faults", () => {
  const arm = async (fault: string) => {
    const client = await oidc();
    await client.control("/faults", { persona: "barbara", fault, delay_ms: 0 });
    return client;
  };

  it.each<[string, Record<string, string | null>]>([
    ["deny", { error: "access_denied", code: null, state: "s".repeat(43) }],
    ["error_text", { error: "access_denied", error_uri: "https://evil.example/unlock" }],
    ["omit_state", { state: null }],
    ["wrong_state", { state: "w".repeat(43) }],
    ["omit_iss", { iss: null }],
    ["wrong_iss", { iss: "https://evil.example/" }],
  ])("%s bends the answer once", async (fault, bent) => {
    const client = await arm(fault);
    const query = (await client.answer({ persona: "barbara" })).searchParams;
    for (const [name, value] of Object.entries(bent)) expect(query.get(name)).toBe(value);
    const next = new URL((await client.ask({ nonce: "n-2" })).headers.get("location") ?? "").searchParams;
    expect([next.get("state"), next.get("iss"), next.has("code")]).toEqual([
      "s".repeat(43),
      client.url,
      true,
    ]);
  });

  it.each([
    ["token_500", 500, "upstream failure", null],
    ["token_error_200", 200, "server_error", null],
    ["token_redirect", 302, "", "/elsewhere"],
    ["token_garbage", 200, '{"access_token": ', null],
    ["slow", 200, "id_token", null],
  ])("%s breaks the token endpoint once", async (fault, status, text, location) => {
    const client = await arm(fault);
    const answer = await client.exchange(await client.answer({ persona: "barbara" }));
    expect(answer).toMatchObject({ status, location });
    expect(answer.body).toContain(text);
    expect((await client.received()).at(-1)).toMatchObject({ endpoint: "token", status });
    const again = new URL((await client.ask({ nonce: "n-2" })).headers.get("location") ?? "");
    expect((await client.exchange(again)).status).toBe(200);
  });

  it("profile_500 and profile_wrong_subject break userinfo", async () => {
    const client = await arm("profile_500");
    const { access_token } = json(await client.exchange(await client.answer({ persona: "barbara" })));
    expect((await client.api("/me", access_token)).status).toBe(500);
    await client.control("/faults", { persona: "barbara", fault: "profile_wrong_subject" });
    expect(await (await client.api("/me", access_token)).json()).toMatchObject({ sub: "another-user" });
    expect((await client.api("/me", access_token)).status).toBe(200);
  });
});
