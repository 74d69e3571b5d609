import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { startOidcFaulty } from "./oidc-faulty.ts";
import { testClient } from "./parts/test-client.ts";

const PATHS = { authorize: "/authorize", token: "/token" };
const faulty = () => testClient(startOidcFaulty, PATHS);
type Faulty = Awaited<ReturnType<typeof faulty>>;

const metadataOf = async (client: Faulty) =>
  (await fetch(`${client.url}/.well-known/openid-configuration`)).json();
const arm = (client: Faulty, fault: string, persona = "fay") => client.control("/faults", { persona, fault });

async function signIn(client: Faulty) {
  const url = await client.choose("fay", { nonce: "n-1" });
  return (await client.exchange(url.searchParams.get("code"))).json();
}

/** What a careful application would do with an id_token. */
async function verify(client: Faulty, idToken: string) {
  const keys = createLocalJWKSet(await (await fetch(`${client.url}/jwks`)).json());
  const { payload } = await jwtVerify(idToken, keys, {
    issuer: client.url,
    audience: "app",
    algorithms: ["RS256"],
  });
  if (payload["nonce"] !== "n-1") throw new Error("nonce");
  return payload;
}

it("is sound without a fault, and asks to be asked for the name", async () => {
  const client = await faulty();
  const url = await client.choose("fay", { nonce: "n-1" });
  expect(url.searchParams.get("iss")).toBe(client.url);
  const { id_token, access_token } = await (await client.exchange(url.searchParams.get("code"))).json();
  expect(Object.keys(await verify(client, id_token)).sort()).toEqual([
    "aud",
    "exp",
    "iat",
    "iss",
    "nonce",
    "sub",
  ]);
  expect(await (await client.api("/userinfo", access_token)).json()).toEqual({
    sub: "user-1",
    name: "Fay Example",
  });
  expect((await client.api("/userinfo", "another")).status).toBe(401);
  expect(await metadataOf(client)).toMatchObject({
    issuer: client.url,
    authorization_response_iss_parameter_supported: true,
  });
});

describe("id_token faults", () => {
  it.each([
    ["id_token_alg_none", "alg"],
    ["id_token_hs256", "alg"],
    ["id_token_bad_signature", "signature"],
    ["id_token_unknown_key", "no applicable key"],
    ["id_token_wrong_aud", "aud"],
    ["id_token_wrong_iss", "iss"],
    ["id_token_wrong_nonce", "nonce"],
    ["id_token_expired", "exp"],
  ])("%s: a careful application refuses it, and a good one follows", async (fault, reason) => {
    const client = await faulty();
    await arm(client, fault);
    await expect(verify(client, (await signIn(client)).id_token)).rejects.toThrow(new RegExp(reason, "i"));
    await expect(verify(client, (await signIn(client)).id_token)).resolves.toMatchObject({ sub: "user-1" });
  });

  it.each([
    ["id_token_wrong_azp", { azp: "another-client" }, {}],
    ["id_token_no_azp", { aud: ["app", "another-client"] }, {}],
    ["id_token_access_token", {}, { typ: "at+jwt" }],
    ["id_token_logout_token", {}, { typ: "application/logout+JWT" }],
  ])("%s: a signature and an audience that are right, and %j %j", async (fault, claims, header) => {
    const client = await faulty();
    await arm(client, fault);
    const { id_token } = await signIn(client);
    await expect(verify(client, id_token)).resolves.toMatchObject(claims);
    expect(decodeProtectedHeader(id_token)).toMatchObject(header);
  });

  it("id_token_future_iat: was issued in ten minutes from now", async () => {
    const client = await faulty();
    await arm(client, "id_token_future_iat");
    const { iat = 0 } = decodeJwt((await signIn(client)).id_token);
    expect(iat - Date.now() / 1000).toBeGreaterThan(590);
  });

  it("signs with the client's secret under HS256, as if that were a key", async () => {
    const client = await faulty();
    await arm(client, "id_token_hs256");
    const { id_token } = await signIn(client);
    await expect(jwtVerify(id_token, Buffer.from("s:e c+r%t"))).resolves.toBeDefined();
  });
});

it("signs with new keys after a rotation, with the old ones published or withdrawn", async () => {
  const client = await faulty();
  const before = (await signIn(client)).id_token;
  await client.control("/rotate", {});
  await expect(verify(client, before)).resolves.toBeDefined();
  await client.control("/rotate", { withdraw: true });
  await expect(verify(client, before)).rejects.toThrow("no applicable key");
  const after = (await signIn(client)).id_token;
  expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
  await expect(verify(client, after)).resolves.toBeDefined();
});

it("gives itself out for another provider, once", async () => {
  const client = await faulty();
  await arm(client, "metadata_wrong_issuer", "*");
  expect((await metadataOf(client)).issuer).toBe("https://evil.example");
  expect((await metadataOf(client)).issuer).toBe(client.url);
});

it("answers the profile of another user, once", async () => {
  const client = await faulty();
  const { access_token } = await signIn(client);
  await arm(client, "profile_wrong_subject");
  expect(await (await client.api("/userinfo", access_token)).json()).toMatchObject({ sub: "another-user" });
  expect(await (await client.api("/userinfo", access_token)).json()).toMatchObject({ sub: "user-1" });
});

it("breaks off in the middle of a token answer, once", async () => {
  const client = await faulty();
  await arm(client, "token_garbage");
  const url = await client.choose("fay", { nonce: "n-1" });
  const answer = await client.exchange(url.searchParams.get("code"));
  expect([answer.status, await answer.text()]).toEqual([200, '{"access_token": ']);
  expect(await signIn(client)).toHaveProperty("id_token");
});

it("refuses another secret, and a code that is not its own", async () => {
  const client = await faulty();
  expect((await client.exchange("c", { client_secret: "wrong" })).status).toBe(401);
  expect((await client.exchange("c")).status).toBe(400);
});
