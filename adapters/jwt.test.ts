import { createHmac } from "node:crypto";
import { exportJWK, UnsecuredJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type * as z from "zod";
import { isAdapterError, type ProxyAuthenticatedConnection } from "./adapter.ts";
import { jwtAdapter } from "./jwt.ts";
import { type KeyServer, signPadded, startKeyServer } from "./testing/key-server.ts";
import { makeKey, type SigningKey, signJwt } from "./testing/keys.ts";

const ISSUER = "https://team.example.com";
const app = {
  origin: new URL("https://usage.example.com"),
  callbackUrl: new URL("https://usage.example.com/auth/jwt/callback"),
  secureCookies: true,
};

let server: KeyServer;
let key: SigningKey;
beforeEach(async () => {
  key = makeKey("key-1");
  server = await startKeyServer(key);
});
afterEach(() => server.close());

async function connect(env: Record<string, string> = {}, name: string | null = null) {
  const prefix = name === null ? "JWT" : `JWT_${name.toUpperCase()}`;
  const adapter = jwtAdapter(name);
  const parsed = adapter.env.parse({
    [`${prefix}_ISSUER`]: ISSUER,
    [`${prefix}_AUDIENCE`]: "dashboard",
    [`${prefix}_JWKS_URL`]: server.jwksUrl,
    ...env,
  });
  return (await adapter.connect(parsed, app)) as ProxyAuthenticatedConnection;
}

const seconds = () => Math.floor(Date.now() / 1000);
const claims = (over: Record<string, unknown> = {}) => ({
  iss: ISSUER,
  aud: "dashboard",
  sub: "user-1",
  exp: seconds() + 300,
  ...over,
});
const withHeaders = (headers: Record<string, string>) =>
  new Request("https://usage.example.com/dashboard", { headers });
const bearer = (jwt: string) => withHeaders({ authorization: `Bearer ${jwt}` });
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The code and message of the refusal; fails when there is none. */
async function refusalOf(connection: ProxyAuthenticatedConnection, request: Request) {
  const outcome = await connection.identify(request).catch((error: unknown) => error);
  if (!isAdapterError(outcome)) throw new Error(`expected a refusal, got ${JSON.stringify(outcome)}`);
  return { code: outcome.code, message: outcome.message };
}

describe("a good JWT", () => {
  it("says who the request is from", async () => {
    const jwt = await signJwt(key, claims({ name: "Ada", email: "ada@example.com", email_verified: true }));
    expect(await (await connect()).identify(bearer(jwt))).toEqual({
      issuer: ISSUER,
      subject: "user-1",
      name: "Ada",
      email: "ada@example.com",
    });
  });

  it.each(["RS256", "ES256", "EdDSA"] as const)("may be signed with %s", async (alg) => {
    const signer = makeKey("other", alg);
    server.keys = [key, signer];
    const jwt = await signJwt(signer, claims());
    expect(await (await connect()).identify(bearer(jwt))).toMatchObject({ subject: "user-1" });
  });

  it("may be for several audiences, and the app may be known by several names", async () => {
    const connection = await connect({ JWT_AUDIENCE: "/projects/1/apps/a , dashboard" });
    for (const over of [
      { aud: "dashboard" },
      { aud: ["dashboard"], azp: "dashboard" },
      { aud: ["dashboard", "/projects/1/apps/a"] },
      { aud: ["other", "/projects/1/apps/a"], azp: "dashboard" },
    ])
      expect(await connection.identify(bearer(await signJwt(key, claims(over))))).toMatchObject({
        subject: "user-1",
      });
  });

  it("may be a minute off by the clock", async () => {
    const jwt = await signJwt(key, claims({ exp: seconds() - 50, nbf: seconds() + 58, iat: seconds() + 58 }));
    expect(await (await connect()).identify(bearer(jwt))).toMatchObject({ subject: "user-1" });
  });

  it.each([
    [{ email: "ada@example.com" }, undefined],
    [{ email: "ada@example.com", email_verified: false }, undefined],
    [{ email: "ada@example.com", email_verified: "true" }, "ada@example.com"],
  ])("shows an address only when the issuer has verified it: %j", async (over, email) => {
    const identity = await (await connect()).identify(bearer(await signJwt(key, claims(over))));
    expect(identity?.email).toBe(email);
  });

  it("shows only https pictures, and drops a name that is no text", async () => {
    const jwt = await signJwt(key, claims({ picture: "javascript:alert(1)", name: { first: "Ada" } }));
    expect(await (await connect()).identify(bearer(jwt))).toEqual({ issuer: ISSUER, subject: "user-1" });
  });
});

describe("a request without a token", () => {
  it.each([
    ["nothing", {}],
    ["another scheme", { authorization: "Basic YTpi" }],
  ])("is from no user: %s", async (_name, headers) => {
    expect(await (await connect()).identify(withHeaders(headers))).toBeNull();
    expect(server.requests).toEqual([]);
  });
});

describe("a JWT that is not to be believed", () => {
  const bad: [string, () => Promise<string>][] = [
    ["unsigned (alg none)", async () => new UnsecuredJWT(claims()).encode()],
    ["unsigned, in other letters", async () => `${encode({ alg: "nOnE" })}.${encode(claims())}.`],
    [
      "signed by HMAC with the public key as the secret",
      async () => {
        const input = `${encode({ alg: "HS256", kid: key.kid })}.${encode(claims())}`;
        return `${input}.${createHmac("sha256", key.pem).update(input).digest("base64url")}`;
      },
    ],
    ["signed by another key of the same id", () => signJwt(makeKey("key-1"), claims())],
    [
      "signed by a key it brings along itself",
      async () => {
        const own = makeKey("own");
        return signJwt(own, claims(), { jwk: await exportJWK(own.publicKey) });
      },
    ],
    ["of a key that is not published", () => signJwt(makeKey("key-2"), claims())],
    [
      "changed after signing",
      async () => {
        const [header, , signature] = (await signJwt(key, claims())).split(".");
        return `${header}.${encode(claims({ sub: "user-2" }))}.${signature}`;
      },
    ],
    ["of another issuer", () => signJwt(key, claims({ iss: "https://evil.example.com" }))],
    ["of the issuer with a slash", () => signJwt(key, claims({ iss: `${ISSUER}/` }))],
    ["for another audience", () => signJwt(key, claims({ aud: ["other"] }))],
    ["for no audience in particular", () => signJwt(key, claims({ aud: undefined }))],
    ["expired", () => signJwt(key, claims({ exp: seconds() - 61 }))],
    ["without an expiry", () => signJwt(key, claims({ exp: undefined }))],
    ["not yet valid", () => signJwt(key, claims({ nbf: seconds() + 62 }))],
    ["issued in the future", () => signJwt(key, claims({ iat: seconds() + 62 }))],
    ["issued to another client", () => signJwt(key, claims({ azp: "other" }))],
    ["issued to something that is no name", () => signJwt(key, claims({ azp: ["dashboard"] }))],
    ["for others too, without its client", () => signJwt(key, claims({ aud: ["dashboard", "other"] }))],
    ["an access token", () => signJwt(key, claims(), { typ: "at+jwt" })],
    [
      "an access token in full and other letters",
      () => signJwt(key, claims(), { typ: "Application/AT+JWT" }),
    ],
    ["a logout token", () => signJwt(key, claims(), { typ: "logout+jwt" })],
    [
      "a logout token of an issuer that sets no typ",
      () => signJwt(key, claims({ events: { "http://schemas.openid.net/event/backchannel-logout": {} } })),
    ],
    ["without a subject", () => signJwt(key, claims({ sub: undefined }))],
    ["with an empty subject, as service tokens have", () => signJwt(key, claims({ sub: "" }))],
    ["with a subject that is a number", () => signJwt(key, claims({ sub: 1 }))],
    [
      "with a critical extension that this app does not know",
      async () => signPadded(key, { alg: "ES256", kid: "key-1", crit: ["ours"], ours: 1 }, claims()),
    ],
    ["too long", () => signJwt(key, claims({ padding: "x".repeat(13_000) }))],
    ["garbage", async () => "not.a.jwt"],
    ["garbage without dots", async () => "{}"],
    ["two at once", async () => `${await signJwt(key, claims())}, ${await signJwt(key, claims())}`],
  ];

  it.each(bad)("is refused: %s", async (_name, make) => {
    const connection = await connect();
    expect((await refusalOf(connection, bearer(await make()))).code).toBe("invalid_response");
    // The same connection goes on believing what is good.
    expect(await connection.identify(bearer(await signJwt(key, claims())))).not.toBeNull();
  });

  it("is refused with the rule it broke, and nothing that it says", async () => {
    const connection = await connect();
    const jwt = await signJwt(key, claims({ aud: "secret-audience", sub: "secret-subject" }));
    const { message } = await refusalOf(connection, bearer(jwt));
    expect(message).toContain("aud");
    expect(message).not.toMatch(/secret|eyJ/);
  });

  it("is refused when its algorithm was not allowed, though its key is published", async () => {
    const connection = await connect({ JWT_ALGORITHMS: "RS256" });
    expect((await refusalOf(connection, bearer(await signJwt(key, claims())))).code).toBe("invalid_response");
  });
});

describe("a bad JWT in the header", () => {
  it("is not made up for by a good one in the cookie", async () => {
    const connection = await connect({ JWT_HEADER: "Authorization", JWT_COOKIE: "jwt" });
    const cookie = `jwt=${await signJwt(key, claims())}`;
    expect(await connection.identify(withHeaders({ cookie }))).not.toBeNull();
    const both = withHeaders({ authorization: "Bearer bad", cookie });
    expect((await refusalOf(connection, both)).code).toBe("invalid_response");
  });
});

describe("who the JWT is for, told elsewhere", () => {
  it.each(["azp", "client_id"])("may be in the claim %s", async (claim) => {
    const connection = await connect({ JWT_AUDIENCE_CLAIM: claim, JWT_AUDIENCE: "https://app.example.com" });
    const request = async (over: Record<string, unknown>) =>
      bearer(await signJwt(key, claims({ aud: undefined, ...over })));
    expect(await connection.identify(await request({ [claim]: "https://app.example.com" }))).not.toBeNull();
    for (const over of [{ [claim]: "https://evil.example.com" }, {}, { aud: "https://app.example.com" }])
      expect((await refusalOf(connection, await request(over))).code).toBe("invalid_response");
  });

  it("is the load balancer that signed: its keys sign for all customers of a region", async () => {
    const arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/mine/50dc6c495c0c9188";
    const connection = await connect({
      JWT_HEADER: "x-amzn-oidc-data",
      JWT_AUDIENCE: arn,
      JWT_AUDIENCE_CLAIM: "signer",
      JWT_JWKS_URL: server.pemUrl,
    });
    // `azp` is what the provider behind the load balancer says, about its own clients.
    const padded = (signer: unknown, payload: object = claims({ aud: undefined })) =>
      withHeaders({ "x-amzn-oidc-data": signPadded(key, { alg: "ES256", kid: key.kid, signer }, payload) });
    expect(await connection.identify(padded(arn))).toMatchObject({ subject: "user-1" });
    for (const signer of [arn.replace("mine", "theirs"), undefined, [arn]])
      expect((await refusalOf(connection, padded(signer))).code).toBe("invalid_response");
    // In the payload it is only what the identity provider was told to say.
    const inPayload = padded(undefined, { ...claims(), signer: arn });
    expect((await refusalOf(connection, inPayload)).code).toBe("invalid_response");
  });
});

describe("several side by side", () => {
  it("have their own ids, variables and external_ids", async () => {
    const plain = jwtAdapter(null);
    const named = jwtAdapter("my-proxy");
    expect([plain.id, named.id]).toEqual(["jwt", "jwt:my-proxy"]);
    expect(Object.keys((named.env as z.ZodObject).shape)).toContain("JWT_MY_PROXY_JWKS_URL");
    const person = { issuer: ISSUER, subject: "auth0|a/b" };
    expect([plain.externalId(person), named.externalId(person)]).toEqual([
      "jwt_auth0|a/b",
      "jwt-my-proxy_auth0|a/b",
    ]);
    const jwt = await signJwt(key, claims());
    expect(await (await connect({}, "cloudflare")).identify(bearer(jwt))).toMatchObject({
      subject: "user-1",
    });
  });

  it.each(["", "A", "a_b", "a--b", "-a", "a-", "é"])("cannot be named %j", (name) => {
    expect(() => jwtAdapter(name)).toThrow(RangeError);
  });
});

describe("the ways in and out", () => {
  it("are pages of this origin or elsewhere, and named by the operator", async () => {
    const connection = await connect({
      JWT_LABEL: "Example SSO",
      JWT_SIGN_IN_URL: "https://app.example.com/login",
      JWT_SIGN_OUT_URL: "/cdn-cgi/access/logout",
    });
    expect(connection).toMatchObject({
      label: "Example SSO",
      signInUrl: new URL("https://app.example.com/login"),
      signOutUrl: new URL("https://usage.example.com/cdn-cgi/access/logout"),
    });
    expect(await connect()).not.toHaveProperty("signOutUrl");
  });
});
