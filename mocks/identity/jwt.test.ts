import { createRemoteJWKSet, decodeProtectedHeader, importSPKI, type JWTPayload, jwtVerify } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningJwks, startJwks } from "./jwt.ts";

let jwks: RunningJwks;
const slept: number[] = [];
beforeEach(async () => {
  slept.length = 0;
  jwks = await startJwks({ port: 0, sleep: async (ms) => void slept.push(ms) });
});
afterEach(() => jwks.close());

async function control<T>(path: string, body: object = {}): Promise<T> {
  const response = await fetch(`${jwks.url}/__control/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return response.json();
}
const sign = async (wanted: object = {}) => (await control<{ jwt: string }>("sign", wanted)).jwt;
const verify = (jwt: string) => jwtVerify(jwt, createRemoteJWKSet(new URL(jwks.jwksUrl)));
const claimsOf = async (jwt: string): Promise<JWTPayload> => (await verify(jwt)).payload;

describe("a JWT", () => {
  it.each(["RS256", "ES256"])("is signed with a published key: %s", async (alg) => {
    const jwt = await sign({ alg, claims: { sub: "583231", name: "Ada", aud: ["a", "b"] } });
    expect(decodeProtectedHeader(jwt)).toEqual({ alg, kid: `${alg.toLowerCase()}-1`, typ: "JWT" });
    const claims = await claimsOf(jwt);
    expect(claims).toMatchObject({ iss: jwks.url, aud: ["a", "b"], sub: "583231", name: "Ada" });
    expect(claims.exp! - claims.iat!).toBe(300);
  });

  it("can lack what others have", async () => {
    expect(await claimsOf(await sign({ claims: { exp: null, sub: null } }))).toEqual({
      iss: jwks.url,
      aud: "dashboard",
      iat: expect.any(Number),
    });
  });

  it("can be padded and say who signed it, as those of AWS load balancers", async () => {
    const jwt = await sign({ alg: "ES256", padded: true, header: { signer: "arn:aws:1" }, claims: { a: 1 } });
    expect(jwt).toContain("=");
    const { kid, signer } = decodeProtectedHeader(jwt);
    expect(signer).toBe("arn:aws:1");
    const pem = await (await fetch(jwks.pemUrl.replace("{kid}", kid!))).text();
    expect((await jwtVerify(jwt, await importSPKI(pem, "ES256"))).payload).toMatchObject({ a: 1 });
  });

  it.each([
    ["alg_none", "Unsupported"],
    ["hmac_with_public_key", "Unsupported"],
    ["foreign_key", "signature verification failed"],
    ["tampered", "signature verification failed"],
  ])("can be bad: %s", async (fault, why) => {
    const jwt = await sign({ fault });
    expect(decodeProtectedHeader(jwt).kid).toBe("rs256-1");
    await expect(verify(jwt)).rejects.toThrow(why);
  });
});

describe("the keys", () => {
  it("rotate: new ones sign, old ones stay or go, and any can be named", async () => {
    const old = await sign();
    expect(await control("rotate")).toEqual({ kids: ["rs256-2", "es256-2"] });
    const fresh = await sign();
    expect(decodeProtectedHeader(fresh).kid).toBe("rs256-2");
    await verify(old);
    await verify(fresh);

    await control("rotate", { withdraw: true });
    await verify(await sign());
    await expect(verify(old)).rejects.toThrow("no applicable key");
    await expect(verify(await sign({ kid: "rs256-1" }))).rejects.toThrow("no applicable key");
    await expect(verify(await sign({ kid: "unknown" }))).rejects.toThrow("no applicable key");
    expect((await fetch(jwks.pemUrl.replace("{kid}", "rs256-1"))).status).toBe(404);
  });

  it("cannot be had while a fault is armed, and each request for them is told", async () => {
    await control("faults", { fault: "server_error", times: 1 });
    expect((await fetch(jwks.jwksUrl)).status).toBe(500);
    await control("faults", { fault: "unreachable" });
    await expect(fetch(jwks.jwksUrl)).rejects.toThrow("fetch failed");
    await fetch(`${jwks.url}/__control/faults`, { method: "DELETE" });
    await control("faults", { fault: "malformed", times: 1 });
    await expect(verify(await sign())).rejects.toThrow("malformed");
    await control("faults", { fault: "slow", times: 1, delay_ms: 7_000 });
    await verify(await sign());
    expect(slept).toEqual([7_000]);

    const { requests } = await (await fetch(`${jwks.url}/__control/requests?since=0`)).json();
    const statuses: number[] = requests.map(({ status }: { status: number }) => status);
    // A client may ask again by itself when a kept-alive socket is dropped.
    expect(statuses.filter((status, n) => status !== statuses[n - 1])).toEqual([500, 0, 200]);
    expect(requests[0]).toMatchObject({ seq: 1, path: "/.well-known/jwks.json" });
  });
});
