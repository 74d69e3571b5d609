import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RedirectConnection } from "./adapter.ts";
import { oidcAdapter } from "./oidc.ts";
import { connectOidc, type OidcProvider, signIn, startOidcProvider } from "./testing/oidc.ts";
import { APP, Browser, createHost } from "./testing/sign-in.ts";

const METADATA = "/.well-known/openid-configuration";

let provider: OidcProvider;
beforeEach(async () => {
  provider = await startOidcProvider();
});
afterEach(() => provider.close());

const askedUserInfo = () => provider.received.some(({ route }) => route === "GET /userinfo");
const userInfo = (body: object) => {
  provider.answers["/userinfo"] = () => Response.json(body);
};

describe("who it is", () => {
  it("is not asked twice when the id_token says it all", async () => {
    provider.claims = { name: "Ada", email: "ada@example.com", email_verified: true };
    await signIn(provider, await connectOidc(provider));
    expect(askedUserInfo()).toBe(false);
  });

  it("is asked where the id_token holds the subject alone", async () => {
    userInfo({ sub: "user-1", name: "Ada", email: "ada@example.com", email_verified: true });
    expect(await signIn(provider, await connectOidc(provider))).toEqual({
      issuer: provider.url,
      subject: "user-1",
      name: "Ada",
      email: "ada@example.com",
    });
    const request = provider.received.find(({ route }) => route === "GET /userinfo");
    expect(request?.headers.get("authorization")).toBe("Bearer canary-token");
  });

  it("is what the signed id_token says where both say something", async () => {
    provider.claims = { name: "Signed" };
    userInfo({ sub: "user-1", name: "Unsigned" });
    expect(await signIn(provider, await connectOidc(provider))).toMatchObject({ name: "Signed" });
  });

  it("is refused when the answer is about another user", async () => {
    userInfo({ sub: "user-2", name: "Eve" });
    await expect(signIn(provider, await connectOidc(provider))).rejects.toMatchObject({
      code: "invalid_response",
    });
  });

  it.each<[string, () => Response]>([
    ["fails", () => new Response(null, { status: 500 })],
    ["answers a page", () => new Response("<p>")],
    [
      "refuses the token",
      () => new Response(null, { status: 401, headers: { "www-authenticate": "Bearer" } }),
    ],
  ])("stays without a name when userinfo %s: that is for display only", async (_, answer) => {
    provider.answers["/userinfo"] = answer;
    expect(await signIn(provider, await connectOidc(provider))).toEqual({
      issuer: provider.url,
      subject: "user-1",
    });
  });

  it("stays without a name where there is no userinfo", async () => {
    provider.metadata["userinfo_endpoint"] = undefined;
    expect(await signIn(provider, await connectOidc(provider))).toEqual({
      issuer: provider.url,
      subject: "user-1",
    });
  });

  it.each([[{ email_verified: false }], [{}], [{ email_verified: "yes" }]])(
    "has no e-mail that is not verified (%j)",
    async (verified) => {
      userInfo({ sub: "user-1", name: "Ada", email: "ceo@example.com", ...verified });
      const identity = await signIn(provider, await connectOidc(provider));
      expect(identity).toEqual({ issuer: provider.url, subject: "user-1", name: "Ada" });
    },
  );

  it("has no e-mail of one source that the other calls verified", async () => {
    provider.claims = { email: "ceo@example.com" };
    userInfo({ sub: "user-1", email_verified: true });
    expect(await signIn(provider, await connectOidc(provider))).toEqual({
      issuer: provider.url,
      subject: "user-1",
    });
  });

  it("has an e-mail that Cognito verified, in a string", async () => {
    userInfo({ sub: "user-1", email: "ada@example.com", email_verified: "true" });
    expect(await signIn(provider, await connectOidc(provider))).toMatchObject({ email: "ada@example.com" });
  });
});

describe("connecting", () => {
  const elsewhere = { authorization_endpoint: "https://login.example.com/authorize" };
  const down = () => {
    provider.answers[METADATA] = () => new Response(null, { status: 503 });
  };

  it("lets forms lead where the provider really is, for signing in and for signing out", async () => {
    Object.assign(provider.metadata, elsewhere, { end_session_endpoint: "https://logout.example.com/" });
    const { origins } = await connectOidc(provider);
    expect(origins).toEqual(["https://login.example.com", "https://logout.example.com"]);
  });

  it("does not fail with a provider that is down, and signs in once it is back", async () => {
    down();
    const connection = await connectOidc(provider);
    expect(connection.origins).toEqual([provider.url]);
    await expect(signIn(provider, connection)).rejects.toMatchObject({ code: "provider_unavailable" });
    provider.answers = {};
    await expect(signIn(provider, connection)).resolves.toMatchObject({ subject: "user-1" });
  });

  it("D9: fails with a provider that is not who it should be", async () => {
    provider.metadata["issuer"] = "https://evil.example.com";
    await expect(connectOidc(provider)).rejects.toMatchObject({ code: "invalid_response" });
  });

  it("is called what the operator calls it", async () => {
    expect((await connectOidc(provider, { OIDC_LABEL: "Acme" })).label).toBe("Acme");
    expect((await connectOidc(provider)).label).toBeUndefined();
    expect(oidcAdapter(null).label).toBe("single sign-on");
    expect(oidcAdapter("okta").label).toBe("okta");
  });
});

describe("signing out", () => {
  const returnTo = new URL("/sign-in", APP);

  it("goes by the provider that offers it, and comes back to a registered address", async () => {
    provider.metadata["end_session_endpoint"] = `${provider.url}/logout?realm=staff`;
    const url = (await connectOidc(provider)).signOutUrl?.(returnTo);
    expect(url?.origin).toBe(provider.url);
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
      realm: "staff",
      client_id: "client",
      post_logout_redirect_uri: returnTo.href,
    });
  });

  it("goes where the operator says, whatever the provider offers: some want what we do not keep", async () => {
    provider.metadata["end_session_endpoint"] = `${provider.url}/logout`;
    const elsewhere = "https://id.example.com/signout?fromURI=https://app.example.com/sign-in";
    const connection = await connectOidc(provider, { OIDC_SIGN_OUT_URL: elsewhere });
    expect(connection.signOutUrl?.(returnTo)?.href).toBe(elsewhere);
    expect(connection.origins).toEqual([provider.url, "https://id.example.com"]);
    const here = await connectOidc(provider, { OIDC_SIGN_OUT_URL: "/sign-in" });
    expect(here.signOutUrl?.(returnTo)?.href).toBe(returnTo.href);
  });

  it("stays here where the provider has no such page, or is not known yet", async () => {
    expect((await connectOidc(provider)).signOutUrl?.(returnTo)).toBeNull();
    provider.answers[METADATA] = () => new Response(null, { status: 503 });
    expect((await connectOidc(provider)).signOutUrl?.(returnTo)).toBeNull();
  });
});

describe("several side by side", () => {
  it("have an id, variables, a callback and external_ids of their own", async () => {
    const okta = oidcAdapter("okta");
    expect(okta.id).toBe("oidc:okta");
    const env = okta.env.parse({
      OIDC_ISSUER: "https://other.example.com",
      OIDC_OKTA_ISSUER: provider.url,
      OIDC_OKTA_CLIENT_ID: "client",
      OIDC_OKTA_CLIENT_SECRET: "secret",
    });
    const callbackUrl = new URL("/auth/oidc:okta/callback", APP);
    const connection = await okta.connect(env, { origin: APP, callbackUrl, secureCookies: true });
    const host = createHost("oidc:okta", connection as RedirectConnection);
    const browser = new Browser();
    const asked = (await host.leave(browser)).searchParams;
    expect(asked.get("redirect_uri")).toBe("https://app.example.com/auth/oidc:okta/callback");
    provider.nonce = asked.get("nonce");
    await expect(
      host.comeBack(browser, { state: asked.get("state") ?? "", code: "c" }),
    ).resolves.toMatchObject({
      issuer: provider.url,
    });
  });

  it("never give two people one external_id, whatever their subjects are", () => {
    const issuer = "https://id.example.com";
    const names = [null, "a", "a-b", "b"];
    const subjects = ["1", "a_1", "-a_1", "a-b_1", "b_1", "_1", "oidc_1"];
    const ids = names.flatMap((name) =>
      subjects.map((subject) => oidcAdapter(name).externalId({ issuer, subject })),
    );
    expect(new Set(ids).size).toBe(names.length * subjects.length);
    expect(ids).toContain("oidc_1");
    expect(ids).toContain("oidc-a-b_1");
  });

  it("cannot finish one another's attempts", async () => {
    const [first, second] = [
      createHost("oidc:a", await connectOidc(provider)),
      createHost("oidc:b", await connectOidc(provider)),
    ];
    const browser = new Browser();
    const state = (await first.leave(browser)).searchParams.get("state") ?? "";
    await expect(second.comeBack(browser, { state, code: "c" })).rejects.toMatchObject({
      code: "invalid_state",
    });
  });
});

const whole = {
  OIDC_ISSUER: "https://id.example.com/realms/staff",
  OIDC_CLIENT_ID: "dashboard",
  OIDC_CLIENT_SECRET: "canary-secret",
};

function faultsOf(env: Record<string, string | undefined>, name: string | null = null) {
  const issues = oidcAdapter(name).env.safeParse(env).error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.join(".")} ${message}`);
}

describe("the variables of oidc", () => {
  it("need an issuer and a client, and have sound defaults", () => {
    expect(oidcAdapter(null).env.parse(whole)).toEqual({
      ...whole,
      OIDC_ISSUER: new URL(whole.OIDC_ISSUER),
      OIDC_SCOPES: "openid profile email",
    });
  });

  it("are those of the instance, whatever the plain ones are", () => {
    const env = Object.fromEntries(
      Object.entries(whole).map(([name, value]) => [name.replace("OIDC_", "OIDC_MY_CORP_"), value]),
    );
    expect(faultsOf(env, "my-corp")).toEqual([]);
    expect(faultsOf(whole, "my-corp").map((fault) => fault.split(" ")[0])).toEqual([
      "OIDC_MY_CORP_ISSUER",
      "OIDC_MY_CORP_CLIENT_ID",
      "OIDC_MY_CORP_CLIENT_SECRET",
    ]);
  });

  it.each([
    ["id.example.com", "must be an address"],
    ["http://id.example.com", "must be https"],
    ["ftp://id.example.com", "must be https"],
    ["https://user:canary@id.example.com", "without user or password"],
    ["https://id.example.com/?tenant=1", "query"],
    ["https://id.example.com/#x", "fragment"],
    ["https://id.example.com/.well-known/openid-configuration", "not the address of its metadata"],
  ])("refuse the issuer %s without repeating it", (OIDC_ISSUER, fault) => {
    const faults = faultsOf({ ...whole, OIDC_ISSUER });
    expect(faults).toEqual([expect.stringContaining(fault)]);
    expect(faults[0]).not.toContain("canary");
  });

  it.each([
    "http://localhost:8080/realms/x",
    "http://127.0.0.1:4013",
    "http://[::1]:1/",
    "https://id.example.com/",
  ])("take the issuer %s", (OIDC_ISSUER) => {
    expect(faultsOf({ ...whole, OIDC_ISSUER })).toEqual([]);
  });

  it("tell a forgotten secret from a client that has none", () => {
    const { OIDC_CLIENT_SECRET: _, ...secretless } = whole;
    expect(faultsOf(secretless)).toEqual([
      expect.stringMatching(/^OIDC_CLIENT_SECRET is required, unless OIDC_CLIENT_AUTH=none/),
    ]);
    expect(faultsOf({ ...secretless, OIDC_CLIENT_AUTH: "none" })).toEqual([]);
    expect(faultsOf({ ...whole, OIDC_CLIENT_AUTH: "none" })).toEqual([
      expect.stringMatching(/^OIDC_CLIENT_SECRET /),
    ]);
  });

  it("tell all faults at once, and each once", () => {
    expect(faultsOf({}).map((fault) => fault.split(" ")[0])).toEqual([
      "OIDC_ISSUER",
      "OIDC_CLIENT_ID",
      "OIDC_CLIENT_SECRET",
    ]);
    expect(faultsOf({ ...whole, OIDC_CLIENT_SECRET: "two words" })).toHaveLength(1);
    expect(faultsOf({ ...whole, OIDC_CLIENT_AUTH: "jwt" })).toEqual([
      "OIDC_CLIENT_AUTH must be post, basic or none",
    ]);
  });

  it.each([
    ["profile email", "must hold openid"],
    ["openid  profile", "single spaces"],
    ["openid,profile", "must hold openid"],
    ['openid "x"', "single spaces"],
  ])("refuse the scopes %j", (OIDC_SCOPES, fault) => {
    expect(faultsOf({ ...whole, OIDC_SCOPES })).toEqual([expect.stringContaining(fault)]);
  });
});
