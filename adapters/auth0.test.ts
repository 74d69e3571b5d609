import {
  exportJWK,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Identity, RedirectConnection } from "./adapter.ts";
import { auth0 } from "./auth0.ts";
import { startProvider, type TestProvider } from "./testing/provider.ts";
import { APP, Browser, createHost } from "./testing/sign-in.ts";

const CALLBACK = new URL("/auth/auth0/callback", APP);
const credentials = { AUTH0_CLIENT_ID: "client", AUTH0_CLIENT_SECRET: "secret" };
const connect = (AUTH0_DOMAIN: string) =>
  auth0.connect(auth0.env.parse({ ...credentials, AUTH0_DOMAIN }), {
    origin: APP,
    callbackUrl: CALLBACK,
    secureCookies: true,
  }) as RedirectConnection;

const rs256 = await generateKeyPair("RS256", { extractable: true });
const es256 = await generateKeyPair("ES256", { extractable: true });
const stranger = await generateKeyPair("RS256");
const published = {
  keys: [
    { ...(await exportJWK(rs256.publicKey)), kid: "rs", alg: "RS256" },
    { ...(await exportJWK(es256.publicKey)), kid: "es", alg: "ES256" },
  ],
};

let provider: TestProvider;
let keys: () => Response;
let idToken: (nonce: string) => string | Promise<string>;
beforeEach(async () => {
  keys = () => Response.json(published);
  provider = await startProvider({
    "POST /oauth/token": async ({ form }) =>
      Response.json({
        access_token: "t",
        token_type: "Bearer",
        id_token: await idToken(form.get("code") ?? ""),
      }),
    "GET /.well-known/jwks.json": () => keys(),
  });
});
afterEach(() => provider.close());

/** The claims of a good token, with these in their place. */
function claims(nonce: string, changed: JWTPayload = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: `${provider.url}/`,
    aud: "client",
    sub: "auth0|64f1c0ffee",
    nonce,
    iat: now,
    exp: now + 60,
    ...changed,
  };
}
const sign = (
  payload: JWTPayload,
  key = rs256.privateKey,
  header: JWTHeaderParameters = { alg: "RS256", kid: "rs" },
) => new SignJWT(payload).setProtectedHeader(header).sign(key);

/** The nonce travels to the token endpoint as the code, as a provider would remember it with the code. */
async function signIn(): Promise<Identity> {
  const host = createHost("auth0", connect(provider.url));
  const browser = new Browser();
  const { searchParams } = await host.leave(browser);
  const [state = "", code = ""] = [searchParams.get("state") ?? "", searchParams.get("nonce") ?? ""];
  return host.comeBack(browser, { state, code });
}

describe("auth0", () => {
  it("asks the tenant with PKCE and a nonce", async () => {
    const connection = connect("example.eu.auth0.com");
    const host = createHost("auth0", connection);
    const url = await host.leave(new Browser());
    expect(url.origin + url.pathname).toBe("https://example.eu.auth0.com/authorize");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: "code",
      client_id: "client",
      redirect_uri: CALLBACK.href,
      scope: "openid profile email",
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
    });
    expect(connection.origins).toEqual(["https://example.eu.auth0.com"]);
  });

  it("takes the person from the id_token", async () => {
    const profile = {
      name: "Grace",
      picture: "https://x.test/g",
      email: "g@example.com",
      email_verified: true,
    };
    idToken = (nonce) => sign(claims(nonce, profile));
    expect(await signIn()).toEqual({
      issuer: `${provider.url}/`,
      subject: "auth0|64f1c0ffee",
      name: "Grace",
      avatarUrl: "https://x.test/g",
      email: "g@example.com",
    });
  });

  it.each([{ email_verified: false }, {}, { email_verified: "yes" }])(
    "shows no e-mail that is not verified: %j",
    async (verified) => {
      idToken = (nonce) => sign(claims(nonce, { email: "g@example.com", ...verified }));
      expect(await signIn()).not.toHaveProperty("email");
    },
  );

  it("accepts ES256, several audiences meant for us, and a clock a minute off", async () => {
    const now = Math.floor(Date.now() / 1000);
    const odd = { aud: ["api", "client"], azp: "client", iat: now - 90, exp: now - 50 };
    idToken = (nonce) => sign(claims(nonce, odd), es256.privateKey, { alg: "ES256", kid: "es" });
    expect(await signIn()).toMatchObject({ subject: "auth0|64f1c0ffee" });
  });

  const past = Math.floor(Date.now() / 1000) - 3_600;
  it.each<[string, (nonce: string) => string | Promise<string>]>([
    ["unsigned", (nonce) => new UnsecuredJWT(claims(nonce)).encode()],
    ["signed by a stranger", (nonce) => sign(claims(nonce), stranger.privateKey)],
    [
      "signed by an unpublished key",
      (nonce) => sign(claims(nonce), stranger.privateKey, { alg: "RS256", kid: "new" }),
    ],
    [
      "signed with the client secret",
      (nonce) =>
        new SignJWT(claims(nonce))
          .setProtectedHeader({ alg: "HS256" })
          .sign(new TextEncoder().encode("secret")),
    ],
    ["for another audience", (nonce) => sign(claims(nonce, { aud: "another" }))],
    ["of another issuer", (nonce) => sign(claims(nonce, { iss: "https://evil.test/" }))],
    ["of another attempt", () => sign(claims("another-nonce"))],
    [
      "without a nonce",
      (nonce) => {
        const { nonce: _, ...rest } = claims(nonce);
        return sign(rest);
      },
    ],
    [
      "without a subject",
      (nonce) => {
        const { sub: _, ...rest } = claims(nonce);
        return sign(rest);
      },
    ],
    ["issued to another client", (nonce) => sign(claims(nonce, { azp: "another" }))],
    ["for several without its client", (nonce) => sign(claims(nonce, { aud: ["client", "api"] }))],
    ["issued in the future", (nonce) => sign(claims(nonce, { iat: Math.floor(Date.now() / 1000) + 62 }))],
    [
      "that is an access token",
      (nonce) => sign(claims(nonce), undefined, { alg: "RS256", kid: "rs", typ: "AT+jwt" }),
    ],
    ["that has expired", (nonce) => sign(claims(nonce, { exp: past }))],
    ["that is no text", () => 7 as unknown as string],
  ])("refuses an id_token %s", async (_, token) => {
    idToken = token;
    await expect(signIn()).rejects.toMatchObject({ code: "invalid_response" });
  });

  it.each([
    ["fail", () => new Response(null, { status: 500 })],
    ["are no JSON", () => new Response("<html>")],
  ])("says that the provider is unavailable when its keys %s", async (_, answer) => {
    idToken = (nonce) => sign(claims(nonce));
    keys = answer;
    await expect(signIn()).rejects.toMatchObject({ code: "provider_unavailable" });
  });

  it("refuses an id_token that is no JWT", async () => {
    idToken = () => "eyJ.not.a-token";
    await expect(signIn()).rejects.toMatchObject({ code: "provider_unavailable" });
  });

  it("refuses an id_token when the published keys are no key set", async () => {
    idToken = (nonce) => sign(claims(nonce));
    keys = () => Response.json({ keys: "none" });
    await expect(signIn()).rejects.toMatchObject({ code: "invalid_response" });
  });

  it("takes new keys at the next sign-in, and a withdrawn one no longer", async () => {
    idToken = (nonce) => sign(claims(nonce));
    expect(await signIn()).toMatchObject({ subject: "auth0|64f1c0ffee" });
    keys = () => Response.json({ keys: published.keys.filter(({ kid }) => kid === "es") });
    await expect(signIn()).rejects.toMatchObject({ code: "invalid_response" });
    idToken = (nonce) => sign(claims(nonce), es256.privateKey, { alg: "ES256", kid: "es" });
    expect(await signIn()).toMatchObject({ subject: "auth0|64f1c0ffee" });
  });

  it("signs out at Auth0 too, and comes back", () => {
    const url = connect("example.eu.auth0.com").signOutUrl?.(new URL("/sign-in", APP));
    expect(url?.href).toBe(
      "https://example.eu.auth0.com/v2/logout?client_id=client&returnTo=https%3A%2F%2Fapp.example.com%2Fsign-in",
    );
  });

  it("maps the subject as it is, whichever connection Auth0 used", () => {
    const externalId = (subject: string) =>
      auth0.externalId({ issuer: "https://x.test/", subject, email: "e@x.test" });
    expect(externalId("auth0|a/b?c#d%2F..")).toBe("auth0_auth0|a/b?c#d%2F..");
    expect(externalId("google-oauth2|1093")).toBe("auth0_google-oauth2|1093");
  });

  it.each([
    [{}, "AUTH0_DOMAIN", "is required: the domain of your Auth0 application"],
    [{ AUTH0_DOMAIN: "x.test" }, "AUTH0_CLIENT_ID", "is required"],
    [
      { ...credentials, AUTH0_DOMAIN: "http://x.test" },
      "AUTH0_DOMAIN",
      "must be https (http is for loopback only)",
    ],
    [{ ...credentials, AUTH0_DOMAIN: "x.test/path" }, "AUTH0_DOMAIN", "without a path"],
    [{ ...credentials, AUTH0_DOMAIN: "not a host" }, "AUTH0_DOMAIN", "must be a URL"],
  ])("says what to do about %j", (env, variable, message) => {
    const issues = auth0.env.safeParse(env).error?.issues ?? [];
    expect(issues.find(({ path }) => path[0] === variable)?.message).toContain(message);
  });
});

describe("the probe", () => {
  /** @param metadata what the domain of that address publishes */
  async function probe(metadata: (url: string) => Response) {
    const domain: TestProvider = await startProvider({
      "GET /.well-known/openid-configuration": () => metadata(domain.url),
    });
    const env = auth0.env.parse({ ...credentials, AUTH0_DOMAIN: domain.url });
    return auth0.probe?.(env, AbortSignal.timeout(5_000)).finally(domain.close);
  }

  it("finds no fault in a domain that signs in its own name", async () => {
    expect(await probe((url) => Response.json({ issuer: `${url}/` }))).toEqual([]);
  });

  it.each([
    [() => Response.json({ issuer: "https://tenant.auth0.com/" }), /signs in another name/],
    [() => new Response("<h1>Welcome</h1>"), /publishes no issuer/],
    [() => new Response(null, { status: 404 }), /publishes no issuer/],
  ])("names the variable of one that does not (%#)", async (metadata, problem) => {
    expect(await probe(metadata)).toEqual([
      { variable: "AUTH0_DOMAIN", problem: expect.stringMatching(problem) },
    ]);
  });

  it("says when there is no answer", async () => {
    const env = auth0.env.parse({ ...credentials, AUTH0_DOMAIN: "http://127.0.0.1:1" });
    const faults = auth0.probe?.(env, AbortSignal.timeout(5_000));
    await expect(faults).rejects.toMatchObject({ code: "provider_unavailable" });
  });
});
