import { decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { parseClientToken } from "#app/ringside/contract.ts";
import { fakeClock, ORIGIN, ringside, statusAndCode } from "./test-client.ts";

const EXPIRED = [401, "invalid_client_token"];
const tampered = (jwt: string, claims: object) => {
  const [head, payload = "", signature] = jwt.split(".");
  const changed = { ...JSON.parse(Buffer.from(payload, "base64url").toString()), ...claims };
  return [head, Buffer.from(JSON.stringify(changed)).toString("base64url"), signature].join(".");
};

describe("minting", () => {
  it("signs the Customer, origin, endpoints and lifetime into an ES256 JWT", async () => {
    const clock = fakeClock("2026-11-23T12:00:00.900Z");
    const { server, control } = await ringside({ now: clock.now });
    const { id } = await control("POST", "/customers", { external_id: "u_1" });
    const answer = await server("POST", "/v1/client_tokens", {
      customer: id,
      origin: ORIGIN,
      allowed_endpoints: ["/v1/usage"],
      ttl_seconds: 60,
    });
    expect(answer.status).toBe(201);
    expect(parseClientToken(answer.body).expiresAt).toBe(Date.parse("2026-11-23T12:01:00Z"));
    expect(decodeProtectedHeader(answer.body.token).alg).toBe("ES256");
    const iat = Date.parse("2026-11-23T12:00:00Z") / 1000;
    const claims = { sub: id, origin: ORIGIN, endpoints: ["/v1/usage"], iat, exp: iat + 60 };
    expect(decodeJwt(answer.body.token)).toMatchObject(claims);
    expect(await control("GET", `/tokens?customer=${id}`)).toEqual({
      tokens: [
        {
          jti: decodeJwt(answer.body.token).jti,
          customer: id,
          origin: ORIGIN,
          allowed_endpoints: ["/v1/usage"],
          issued_at: iat,
          expires_at: iat + 60,
        },
      ],
    });
  });

  it("limits the lifetime to the Customer's max_token_ttl_seconds", async () => {
    const clock = fakeClock("2026-11-23T12:00:00Z");
    const { server, control } = await ringside({ now: clock.now });
    const mint = async (external_id: string, seed: object) => {
      const { id } = await control("POST", "/customers", { external_id, ...seed });
      const asked = { customer: id, origin: ORIGIN, allowed_endpoints: [], ttl_seconds: 300 };
      return (await server("POST", "/v1/client_tokens", asked)).body.expires_at - clock.now() / 1000;
    };
    expect(await mint("short", { max_token_ttl_seconds: 60 })).toBe(60);
    expect(await mint("long", { max_token_ttl_seconds: 900 })).toBe(300);
    expect(await mint("plain", {})).toBe(300);
  });

  it("supports the other documented form, with ext: and several origins", async () => {
    const { server, page, control } = await ringside();
    const { id } = await control("POST", "/customers", { external_id: "a|b" });
    const { status, body } = await server("POST", "/v1/customers/ext:a%7Cb/client_tokens", {
      origin_allowlist: [ORIGIN, "http://localhost:3000"],
      scope: ["customer", "usage", "/v1/customers/ext:x", "chat"],
      ttl_seconds: 900,
    });
    expect(status).toBe(201);
    expect((await page(`/v1/customers/${id}`, body.token)).status).toBe(200);
    expect((await page("/v1/usage?group_by=day", body.token, "http://localhost:3000")).status).toBe(200);
    expect(statusAndCode(await page("/v1/usage?group_by=day", body.token, "http://localhost:3001"))).toEqual([
      403,
      "origin_not_allowed",
    ]);
    const { tokens } = await control("GET", "/tokens?customer=ext:a%257Cb");
    expect(tokens[0].allowed_endpoints).toEqual([
      `/v1/customers/${id}`,
      "/v1/usage",
      "/v1/customers/ext:x",
      "/v1/chat/completions",
    ]);
  });

  it("answers 404 customer_not_found on both forms", async () => {
    const { server } = await ringside();
    const unknown = [404, "customer_not_found"];
    const body = { customer: "cus_none", origin: ORIGIN };
    expect(statusAndCode(await server("POST", "/v1/client_tokens", body))).toEqual(unknown);
    const other = { origin_allowlist: [ORIGIN] };
    expect(statusAndCode(await server("POST", "/v1/customers/ext:none/client_tokens", other))).toEqual(
      unknown,
    );
  });

  it.each([
    ["no origin", { origin: undefined }],
    ["an origin with a path", { origin: `${ORIGIN}/` }],
    ["an origin without a scheme", { origin: "app.example" }],
    ["59 seconds", { ttl_seconds: 59 }],
    ["3601 seconds", { ttl_seconds: 3601 }],
    ["a lifetime as text", { ttl_seconds: "300" }],
    ["no customer", { customer: undefined }],
    ["an endpoint with a method", { allowed_endpoints: ["GET /v1/usage"] }],
    ["an endpoint with a query", { allowed_endpoints: ["/v1/usage?group_by=day"] }],
    ["an endpoint without its version", { allowed_endpoints: ["/usage"] }],
  ])("rejects %s", async (_what, change) => {
    const { server, control } = await ringside();
    const { id } = await control("POST", "/customers", { external_id: "u_1" });
    const body = {
      customer: id,
      origin: ORIGIN,
      allowed_endpoints: ["/v1/usage"],
      ttl_seconds: 300,
      ...change,
    };
    expect(statusAndCode(await server("POST", "/v1/client_tokens", body))).toEqual([400, "invalid_request"]);
  });

  it("rejects the other form without origins", async () => {
    const { server, control } = await ringside();
    await control("POST", "/customers", { external_id: "u_1" });
    for (const body of [{}, { origin_allowlist: [] }]) {
      const answer = await server("POST", "/v1/customers/ext:u_1/client_tokens", body);
      expect(statusAndCode(answer)).toEqual([400, "invalid_request"]);
    }
  });

  it("accepts 60 and 3600 seconds; the default is 15 minutes", async () => {
    const { server, control } = await ringside();
    const { id } = await control("POST", "/customers", { external_id: "u_1" });
    for (const ttl_seconds of [60, 3600, undefined]) {
      await server("POST", "/v1/client_tokens", { customer: id, origin: ORIGIN, ttl_seconds });
    }
    const { tokens } = await control("GET", "/tokens");
    expect(
      tokens.map((token: { issued_at: number; expires_at: number }) => token.expires_at - token.issued_at),
    ).toEqual([60, 3600, 900]);
  });
});

describe("a Client Token", () => {
  it("reads its own row and usage, from its own origin", async () => {
    const { page, customerWithToken } = await ringside();
    const { id, path, token } = await customerWithToken();
    expect((await page(path, token)).body.id).toBe(id);
    expect((await page("/v1/usage?group_by=day", token)).body).toEqual([]);
    expect((await page(`/v1/usage?group_by=day&customer_id=${id}`, token)).status).toBe(200);
  });

  it("expires on the second its exp names, not before", async () => {
    const clock = fakeClock("2026-11-23T12:00:00Z");
    const { page, customerWithToken } = await ringside({ now: clock.now });
    const { path, token } = await customerWithToken({}, 60);
    clock.advance(59_999);
    expect((await page(path, token)).status).toBe(200);
    clock.advance(1);
    expect(statusAndCode(await page(path, token))).toEqual(EXPIRED);
  });

  it("is rejected when forged, altered, unsigned or from another issuer", async () => {
    const { page, customerWithToken } = await ringside();
    const { path, token } = await customerWithToken();
    const { privateKey } = await generateKeyPair("ES256");
    const claims = decodeJwt(token);
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: "ES256" }).sign(privateKey);
    const other = await ringside();
    const foreign = await other.customerWithToken();
    for (const bad of [
      forged,
      tampered(token, { exp: 9_999_999_999 }),
      tampered(token, { origin: "https://evil.example" }),
      new UnsecuredJWT(claims).encode(),
      foreign.token,
      `${token}x`,
      "not-a-jwt",
    ]) {
      expect(statusAndCode(await page(path, bad))).toEqual(EXPIRED);
    }
    expect((await page(path, token)).status).toBe(200);
  });

  it("is rejected from another origin and without one", async () => {
    const { page, customerWithToken } = await ringside();
    const { path, token } = await customerWithToken();
    for (const origin of ["https://evil.example", `${ORIGIN}.evil.example`, "null", null]) {
      expect(statusAndCode(await page(path, token, origin))).toEqual([403, "origin_not_allowed"]);
    }
  });

  it("is rejected at every endpoint that it does not list", async () => {
    const { server, page, control, customerWithToken } = await ringside();
    const { id, token } = await customerWithToken();
    const neighbour = await control("POST", "/customers", { external_id: "u_2" });
    const forbidden = [403, "endpoint_not_allowed"];
    expect(statusAndCode(await page(`/v1/customers/${neighbour.id}`, token))).toEqual(forbidden);
    expect(statusAndCode(await page("/v1/customers/ext:u_1", token))).toEqual(forbidden);
    const { body } = await server("POST", "/v1/client_tokens", { customer: id, origin: ORIGIN });
    expect(statusAndCode(await page(`/v1/customers/${id}`, body.token))).toEqual(forbidden);
  });

  it("gets 404 for another Customer, even if the mint listed that endpoint", async () => {
    const { server, page, control, customerWithToken } = await ringside();
    const { id } = await customerWithToken();
    const neighbour = await control("POST", "/customers", { external_id: "u_2" });
    const allowed_endpoints = [`/v1/customers/${neighbour.id}`, "/v1/usage"];
    const { body } = await server("POST", "/v1/client_tokens", {
      customer: id,
      origin: ORIGIN,
      allowed_endpoints,
    });
    expect(statusAndCode(await page(`/v1/customers/${neighbour.id}`, body.token))).toEqual([
      404,
      "not_found",
    ]);
    const usage = `/v1/usage?group_by=day&customer_id=${neighbour.id}`;
    expect(statusAndCode(await page(usage, body.token))).toEqual([404, "not_found"]);
  });

  it("is checked in the order: token, origin, endpoint, Customer", async () => {
    const clock = fakeClock("2026-11-23T12:00:00Z");
    const { page, control, customerWithToken } = await ringside({ now: clock.now });
    const { id, token } = await customerWithToken({}, 60);
    await control("DELETE", `/customers/${id}`);
    const evil = "https://evil.example";
    expect(statusAndCode(await page(`/v1/customers/${id}`, token))).toEqual([404, "not_found"]);
    expect(statusAndCode(await page("/v1/customers/cus_x", token))).toEqual([403, "endpoint_not_allowed"]);
    expect(statusAndCode(await page("/v1/customers/cus_x", token, evil))).toEqual([
      403,
      "origin_not_allowed",
    ]);
    clock.advance(60_000);
    expect(statusAndCode(await page("/v1/customers/cus_x", token, evil))).toEqual(EXPIRED);
  });

  it("is rejected as a Bearer key, and on server routes even if its list names them", async () => {
    const { send, server, customerWithToken } = await ringside();
    const { id, path, token } = await customerWithToken();
    expect(statusAndCode(await send("GET", path, { key: token, origin: ORIGIN }))).toEqual([
      401,
      "invalid_api_key",
    ]);
    const routes = [
      ["GET", "/v1/customers"],
      ["POST", "/v1/customers"],
      ["POST", "/v1/client_tokens"],
      ["POST", `${path}/client_tokens`],
      ["GET", `${path}/usage`],
      ["GET", `${path}/wallet`],
      ["POST", "/v1/chat/completions"],
    ] as const;
    const allowed_endpoints = routes.map(([, route]) => route);
    const greedy = await server("POST", "/v1/client_tokens", {
      customer: id,
      origin: ORIGIN,
      allowed_endpoints,
    });
    expect(greedy.status).toBe(201);
    for (const [method, route] of routes) {
      for (const sent of [token, greedy.body.token]) {
        expect(statusAndCode(await send(method, route, { token: sent, origin: ORIGIN }))).toEqual([
          403,
          "endpoint_not_allowed",
        ]);
      }
      expect(statusAndCode(await send(method, route, { token: "bad", origin: ORIGIN }))).toEqual(EXPIRED);
    }
  });
});
