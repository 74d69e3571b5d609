import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AdapterError } from "./adapter.ts";
import { makeKey, type SigningKey } from "./testing/keys.ts";
import { CALLBACK, connectOidc, type OidcProvider, signIn, startOidcProvider } from "./testing/oidc.ts";
import { APP, Browser, createHost } from "./testing/sign-in.ts";

const strangers = { sameName: makeKey("key-1", "RS256"), otherName: makeKey("key-2", "RS256") };

let provider: OidcProvider;
beforeEach(async () => {
  provider = await startOidcProvider();
});
afterEach(() => provider.close());

const routes = () => provider.received.map(({ route }) => route);
const tokenRequest = () => provider.received.find(({ route }) => route === "POST /token");
/** Fails when there is no refusal. The message goes to the log: nothing secret and none of the provider's text. */
async function refusalOf(promise: Promise<unknown>): Promise<AdapterError> {
  const outcome = await promise.catch((error: unknown) => error);
  if (!(outcome instanceof AdapterError)) throw new Error(`not refused: ${JSON.stringify(outcome)}`);
  expect(`${outcome.message} ${JSON.stringify(outcome.cause ?? null)}`).not.toContain("canary");
  return outcome;
}

describe("leaving", () => {
  it("asks with PKCE, a nonce, a state and the registered address, new ones each time", async () => {
    const host = createHost("oidc", await connectOidc(provider));
    const [first, second] = [await host.leave(new Browser()), await host.leave(new Browser())];
    expect(first.origin + first.pathname).toBe(`${provider.url}/authorize`);
    expect(Object.fromEntries(first.searchParams)).toEqual({
      response_type: "code",
      client_id: "client",
      redirect_uri: CALLBACK.href,
      scope: "openid profile email",
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
    });
    for (const name of ["state", "nonce", "code_challenge"])
      expect(first.searchParams.get(name)).not.toBe(second.searchParams.get(name));
  });

  it("asks for the scopes that are configured, at an endpoint that may have a query already", async () => {
    provider.metadata["authorization_endpoint"] = `${provider.url}/authorize?p=signin`;
    const host = createHost("oidc", await connectOidc(provider, { OIDC_SCOPES: "openid" }));
    const url = await host.leave(new Browser());
    expect(url.searchParams.get("scope")).toBe("openid");
    expect(url.searchParams.get("p")).toBe("signin");
  });

  it("D9: never asks for less than S256, whatever the provider says it can do", async () => {
    provider.metadata["code_challenge_methods_supported"] = ["plain"];
    const url = await createHost("oidc", await connectOidc(provider)).leave(new Browser());
    expect(url.searchParams.get("code_challenge_method")).toBe("S256");
  });
});

describe("coming back", () => {
  it("is the subject under its issuer", async () => {
    provider.claims = {
      name: "Ada",
      picture: "https://x.example.com/a.png",
      email: "a@b.example",
      email_verified: true,
    };
    expect(await signIn(provider, await connectOidc(provider))).toEqual({
      issuer: provider.url,
      subject: "user-1",
      name: "Ada",
      email: "a@b.example",
      avatarUrl: "https://x.example.com/a.png",
    });
    expect(routes()).toEqual(["GET /.well-known/openid-configuration", "POST /token", "GET /jwks"]);
  });

  it("shows the verifier of the challenge, the code and the address it was asked with", async () => {
    const connection = await connectOidc(provider);
    const host = createHost("oidc", connection);
    const browser = new Browser();
    const asked = (await host.leave(browser)).searchParams;
    provider.nonce = asked.get("nonce");
    await host.comeBack(browser, { state: asked.get("state") ?? "", code: "canary-code" });
    const form = Object.fromEntries(tokenRequest()?.form ?? []);
    expect(form).toMatchObject({
      grant_type: "authorization_code",
      code: "canary-code",
      redirect_uri: CALLBACK.href,
    });
    const challenge = createHash("sha256")
      .update(form["code_verifier"] ?? "")
      .digest("base64url");
    expect(challenge).toBe(asked.get("code_challenge"));
  });

  it("does so with the registered address even where the callback was spelt otherwise", async () => {
    const connection = await connectOidc(provider);
    const response = await connection.start(new Request(`${APP.origin}/auth/oidc`));
    const asked = new URL(response.headers.get("location") ?? "").searchParams;
    provider.nonce = asked.get("nonce");
    const cookie = response.headers.getSetCookie().join("; ");
    const back = new URL(`/auth/oid%63/callback?code=c&state=${asked.get("state")}`, "http://10.0.0.7:3000");
    await connection.finish(new Request(back, { headers: { cookie } }));
    expect(tokenRequest()?.form.get("redirect_uri")).toBe(CALLBACK.href);
  });

  it("is refused with another state or none, before anything is asked, even without the flow around it", async () => {
    const connection = await connectOidc(provider);
    const response = await connection.start(new Request(`${APP.origin}/auth/oidc`));
    const cookie = response.headers.getSetCookie().join("; ");
    for (const query of ["code=c&state=another", "code=c", "code=c&state="]) {
      const request = new Request(`${CALLBACK.href}?${query}`, { headers: { cookie } });
      expect(await refusalOf(connection.finish(request))).toMatchObject({ code: "invalid_state" });
    }
    expect(tokenRequest()).toBeUndefined();
  });

  it("is refused when the answer names another issuer, or none where one is always named", async () => {
    const connection = await connectOidc(provider);
    const naming = (iss: string) => (query: Record<string, string>) => ({ ...query, iss });
    await expect(signIn(provider, connection, naming(provider.url))).resolves.toBeDefined();
    expect(await refusalOf(signIn(provider, connection, naming("https://evil.example.com")))).toMatchObject({
      code: "invalid_response",
    });
    provider.metadata["authorization_response_iss_parameter_supported"] = true;
    const strict = await connectOidc(provider);
    await expect(signIn(provider, strict, naming(provider.url))).resolves.toBeDefined();
    expect(await refusalOf(signIn(provider, strict))).toMatchObject({ code: "invalid_response" });
  });
});

describe("the id_token", () => {
  const seconds = () => Math.floor(Date.now() / 1000);

  it.each<[string, () => void, string]>([
    ["of another issuer", () => Object.assign(provider.claims, { iss: "https://evil.example.com" }), "iss"],
    ["for another client", () => Object.assign(provider.claims, { aud: "another" }), "aud"],
    [
      "for several clients without naming the one it was given to",
      () => Object.assign(provider.claims, { aud: ["client", "b"] }),
      "",
    ],
    [
      "given to another client",
      () => Object.assign(provider.claims, { aud: ["client", "b"], azp: "b" }),
      "azp",
    ],
    ["issued to another client", () => Object.assign(provider.claims, { azp: "b" }), "azp"],
    ["issued in the future", () => Object.assign(provider.claims, { iat: seconds() + 62 }), "iat"],
    ["that is an access token", () => Object.assign(provider.header, { typ: "at+jwt" }), "typ"],
    [
      "that is one in other letters",
      () => Object.assign(provider.header, { typ: "application/AT+JWT" }),
      "typ",
    ],
    ["that is a logout token", () => Object.assign(provider.header, { typ: "logout+jwt" }), "typ"],
    ["that tells of an event", () => Object.assign(provider.claims, { events: {} }), "events"],
    ["of another attempt", () => Object.assign(provider.claims, { nonce: "another" }), "nonce"],
    ["of no attempt", () => Object.assign(provider.claims, { nonce: undefined }), ""],
    ["that has expired", () => Object.assign(provider.claims, { exp: seconds() - 90 }), "exp"],
    ["that never expires", () => Object.assign(provider.claims, { exp: undefined }), ""],
    ["of no subject", () => Object.assign(provider.claims, { sub: undefined }), ""],
    ["signed by another key", () => Object.assign(provider, { key: strangers.sameName }), ""],
    [
      "signed with a key that is not published",
      () => Object.assign(provider, { key: strangers.otherName }),
      "",
    ],
    [
      "signed with an algorithm that is not announced",
      () => Object.assign(provider, rotated(makeKey("key-1", "ES256"))),
      "",
    ],
  ])("%s is refused", async (_, bend, claim) => {
    bend();
    const refusal = await refusalOf(signIn(provider, await connectOidc(provider)));
    expect(refusal.code).toBe("invalid_response");
    expect(refusal.message).toMatch(new RegExp(`^invalid_response: sign-in: .*${claim}$`));
  });

  const rotated = (key: SigningKey) => ({ key, published: [key] });

  it.each(["none", "HS256"])("with alg %s is refused even where the provider announces it", async (alg) => {
    provider.metadata["id_token_signing_alg_values_supported"] = ["RS256", alg];
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
    provider.answers["/token"] = () => {
      const claims = {
        iss: provider.url,
        aud: "client",
        sub: "u",
        nonce: provider.nonce,
        iat: seconds(),
        exp: seconds() + 60,
      };
      const id_token = `${encode({ alg })}.${encode(claims)}.c2lnbmF0dXJl`;
      return Response.json({ access_token: "canary-token", token_type: "Bearer", id_token });
    };
    const refusal = await refusalOf(signIn(provider, await connectOidc(provider)));
    expect(refusal.code).toBe("invalid_response");
    expect(routes()).not.toContain("GET /jwks");
  });

  it("may be late or early by less than a minute: clocks differ", async () => {
    provider.claims = { exp: seconds() - 50, iat: seconds() + 50 };
    await expect(signIn(provider, await connectOidc(provider))).resolves.toMatchObject({ subject: "user-1" });
  });

  it("may be for several clients when it was given to this one", async () => {
    provider.claims = { aud: ["client", "b"], azp: "client" };
    await expect(signIn(provider, await connectOidc(provider))).resolves.toMatchObject({ subject: "user-1" });
  });

  it.each(["ES256", "EdDSA"] as const)("may be signed with %s where that is announced", async (alg) => {
    Object.assign(provider, rotated(makeKey("key-9", alg)));
    provider.metadata["id_token_signing_alg_values_supported"] = [alg];
    await expect(signIn(provider, await connectOidc(provider))).resolves.toMatchObject({ subject: "user-1" });
  });

  it("is good at the first sign-in after the keys have changed, and one of a withdrawn key is not", async () => {
    const connection = await connectOidc(provider);
    await signIn(provider, connection);
    const old = provider.key;
    Object.assign(provider, rotated(strangers.otherName));
    await expect(signIn(provider, connection)).resolves.toMatchObject({ subject: "user-1" });
    provider.key = old;
    expect(await refusalOf(signIn(provider, connection))).toMatchObject({ code: "invalid_response" });
  });

  it("has to be there", async () => {
    provider.answers["/token"] = () => Response.json({ access_token: "canary-token", token_type: "Bearer" });
    expect(await refusalOf(signIn(provider, await connectOidc(provider)))).toMatchObject({
      code: "invalid_response",
    });
  });
});

describe("a provider that fails", () => {
  it.each<[string, string, () => Response]>([
    [
      "refuses the code",
      "/token",
      () => Response.json({ error: "invalid_grant", error_description: "canary" }, { status: 400 }),
    ],
    ["breaks", "/token", () => new Response("canary", { status: 500 })],
    [
      "sends us elsewhere",
      "/token",
      () => new Response(null, { status: 302, headers: { location: "/canary" } }),
    ],
    [
      "answers a page",
      "/token",
      () => new Response("<p>canary</p>", { headers: { "content-type": "text/html" } }),
    ],
    ["has no keys to show", "/jwks", () => new Response("canary", { status: 503 })],
  ])("and %s is unavailable, in our words", async (_, path, answer) => {
    provider.answers[path] = answer;
    const refusal = await refusalOf(signIn(provider, await connectOidc(provider)));
    expect(refusal.code).toBe("provider_unavailable");
    expect(routes()).not.toContain("GET /canary");
  });
});

describe("client authentication", () => {
  const decode = (header: string | null | undefined) =>
    atob((header ?? "").replace("Basic ", ""))
      .split(":")
      .map((half) => new URLSearchParams(`x=${half}`).get("x"));

  it("is in the body where the provider takes it there, and nowhere else", async () => {
    provider.metadata["token_endpoint_auth_methods_supported"] = [
      "client_secret_basic",
      "client_secret_post",
    ];
    await signIn(provider, await connectOidc(provider));
    expect(tokenRequest()?.form.get("client_secret")).toBe("canary-secret");
    expect(tokenRequest()?.headers.get("authorization")).toBeNull();
  });

  it.each([
    ["nothing", undefined],
    ["Basic alone", ["client_secret_basic"]],
  ])("is a Basic header where the provider announces %s", async (_, methods) => {
    provider.metadata["token_endpoint_auth_methods_supported"] = methods;
    await signIn(provider, await connectOidc(provider));
    expect(tokenRequest()?.form.get("client_secret")).toBeNull();
    expect(decode(tokenRequest()?.headers.get("authorization"))).toEqual(["client", "canary-secret"]);
  });

  it.each(["a:b+cd%/&=", "pässwörd-名前_.~"])("%j arrives as it is, as id and as secret", async (text) => {
    provider.claims = { aud: text };
    await signIn(provider, await connectOidc(provider, { OIDC_CLIENT_ID: text, OIDC_CLIENT_SECRET: text }));
    expect(decode(tokenRequest()?.headers.get("authorization"))).toEqual([text, text]);
  });

  it("is what OIDC_CLIENT_AUTH says, since a provider may have registered this client otherwise", async () => {
    provider.metadata["token_endpoint_auth_methods_supported"] = [
      "client_secret_basic",
      "client_secret_post",
    ];
    await signIn(provider, await connectOidc(provider, { OIDC_CLIENT_AUTH: "basic" }));
    expect(decode(tokenRequest()?.headers.get("authorization"))).toEqual(["client", "canary-secret"]);
  });

  it("is PKCE alone for a public client", async () => {
    await signIn(provider, await connectOidc(provider, { OIDC_CLIENT_AUTH: "none" }));
    expect(tokenRequest()?.headers.get("authorization")).toBeNull();
    expect(tokenRequest()?.form.get("client_secret")).toBeNull();
    expect(tokenRequest()?.form.get("client_id")).toBe("client");
  });
});
