import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { startAuth0 } from "./auth0.ts";
import { type Changes, testClient } from "./parts/test-client.ts";

const PATHS = { authorize: "/authorize", token: "/oauth/token" };
const auth0 = (options = {}) => testClient(startAuth0, PATHS, options);
type Auth0 = Awaited<ReturnType<typeof auth0>>;

const codeOf = (url: URL) => url.searchParams.get("code");
const signIn = async (client: Auth0, persona = "grace", changes: Changes = { nonce: "n-1" }) =>
  (await client.exchange(codeOf(await client.choose(persona, changes)))).json();

/** What a careful application would do with an id_token. */
async function verify(client: Auth0, idToken: string) {
  const keys = createLocalJWKSet(await (await fetch(`${client.url}/.well-known/jwks.json`)).json());
  const { payload } = await jwtVerify(idToken, keys, {
    issuer: `${client.url}/`,
    audience: "app",
    algorithms: ["RS256"],
  });
  if (payload["nonce"] !== "n-1") throw new Error("nonce");
  return payload;
}

describe("signing in", () => {
  it("answers an id_token that a careful application accepts", async () => {
    const client = await auth0();
    const answer = await signIn(client);
    expect(answer).toMatchObject({ token_type: "Bearer", scope: "openid profile email", expires_in: 86_400 });
    expect(await verify(client, answer.id_token)).toMatchObject({
      sub: "auth0|64f1c0ffee",
      name: "Grace Hopper",
      email: "grace@example.com",
      email_verified: true,
    });
  });

  it("has personas of other connections, and one whose subject is full of URL syntax", async () => {
    const client = await auth0();
    expect(decodeJwt((await signIn(client, "kay")).id_token)).toMatchObject({
      sub: "google-oauth2|1093",
      email_verified: false,
    });
    const again = await auth0();
    expect(decodeJwt((await signIn(again, "odd")).id_token).sub).toBe("auth0|a/b?c#d%2F..");
  });

  it("tells only what the scope opens", async () => {
    const client = await auth0();
    const claims = decodeJwt((await signIn(client, "grace", { scope: "openid" })).id_token);
    expect(Object.keys(claims).sort()).toEqual(["aud", "exp", "iat", "iss", "sub"]);
    expect((await client.ask({ scope: "profile", prompt: "login" })).status).toBe(400);
  });

  it("sends no iss, as Auth0 does not", async () => {
    expect([...(await (await auth0()).choose("grace")).searchParams.keys()].sort()).toEqual([
      "code",
      "state",
    ]);
  });

  it("refuses as Auth0 does", async () => {
    const client = await auth0();
    const wrongSecret = await client.exchange("c", { client_secret: "wrong" });
    expect([wrongSecret.status, (await wrongSecret.json()).error]).toEqual([401, "access_denied"]);
    const wrongCode = await client.exchange("c");
    expect([wrongCode.status, (await wrongCode.json()).error]).toEqual([403, "invalid_grant"]);
  });

  it("answers userinfo for its own token", async () => {
    const client = await auth0();
    const { access_token } = await signIn(client);
    expect(await (await client.api("/userinfo", access_token)).json()).toMatchObject({
      sub: "auth0|64f1c0ffee",
    });
    expect((await client.api("/userinfo", "wrong")).status).toBe(401);
    await client.control("/faults", { persona: "grace", fault: "profile_500" });
    expect((await client.api("/userinfo", access_token)).status).toBe(500);
  });

  it("can be discovered", async () => {
    const { url } = await auth0();
    expect(await (await fetch(`${url}/.well-known/openid-configuration`)).json()).toMatchObject({
      issuer: `${url}/`,
      authorization_endpoint: `${url}/authorize`,
      jwks_uri: `${url}/.well-known/jwks.json`,
    });
  });
});

describe("the provider's own session", () => {
  it("lets the same person in again unasked, until they sign out here", async () => {
    const client = await auth0();
    expect((await client.ask()).status).toBe(200);
    await client.choose("grace");
    const again = await client.ask();
    expect(again.status).toBe(302);
    expect(codeOf(new URL(again.headers.get("location") ?? ""))).not.toBeNull();
    expect((await client.ask({ prompt: "login" })).status).toBe(200);

    const returnTo = encodeURIComponent("https://app.example/sign-in");
    const out = await client.browse(`/v2/logout?client_id=app&returnTo=${returnTo}`);
    expect([out.status, out.headers.get("location")]).toEqual([302, "https://app.example/sign-in"]);
    expect((await client.ask()).status).toBe(200);
    expect((await client.control("/requests")).body.requests).toMatchObject([
      { endpoint: "authorize", persona: null },
      { endpoint: "authorize", persona: "grace" },
      { endpoint: "authorize", persona: "grace" },
      { endpoint: "authorize", persona: null },
      {
        endpoint: "logout",
        status: 302,
        query: { client_id: "app", returnTo: "https://app.example/sign-in" },
      },
      { endpoint: "authorize", persona: null },
    ]);
  });

  it("belongs to one browser", async () => {
    const client = await auth0();
    await client.choose("grace");
    const asked = new URL(`${client.url}/authorize`);
    const { requests } = (await client.control("/requests")).body;
    asked.search = new URLSearchParams(requests[0].query).toString();
    expect((await fetch(asked, { redirect: "manual" })).status).toBe(200);
  });

  it("ends nothing and leads nowhere for an address that is not registered", async () => {
    const client = await auth0();
    await client.choose("grace");
    for (const query of [
      "",
      "client_id=app",
      "client_id=app&returnTo=https://evil.example/",
      "client_id=x&returnTo=https://app.example/sign-in",
    ])
      expect((await client.browse(`/v2/logout?${query}`)).status).toBe(400);
    expect((await client.ask()).status).toBe(302);
  });
});

describe("id_token faults", () => {
  it.each([
    ["id_token_alg_none", "alg"],
    ["id_token_bad_signature", "signature"],
    ["id_token_wrong_aud", "aud"],
    ["id_token_wrong_iss", "iss"],
    ["id_token_wrong_nonce", "nonce"],
    ["id_token_expired", "exp"],
  ])("%s: a careful application refuses it, and a good one follows", async (fault, reason) => {
    const client = await auth0();
    await client.control("/faults", { persona: "grace", fault });
    const bad = await signIn(client);
    if (fault === "id_token_alg_none")
      expect(decodeProtectedHeader(bad.id_token)).toMatchObject({ alg: "none" });
    await expect(verify(client, bad.id_token)).rejects.toThrow(new RegExp(reason, "i"));
    expect(await verify(client, (await signIn(client)).id_token)).toMatchObject({ sub: "auth0|64f1c0ffee" });
  });
});
