import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { jwtAdapter, tokenReader } from "./jwt.ts";
import { type Fault, type KeyServer, startKeyServer } from "./testing/key-server.ts";
import { makeKey } from "./testing/keys.ts";

describe("the variables", () => {
  const sound = {
    JWT_ISSUER: "https://team.example.com",
    JWT_AUDIENCE: "a",
    JWT_JWKS_URL: "https://keys.example.com/jwks",
  };
  const faultsOf = (env: Record<string, string>) => {
    const parsed = jwtAdapter(null).env.safeParse(env);
    return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join()} ${message}`);
  };

  it("are all told when they are missing", () => {
    expect(faultsOf({}).map((fault) => fault.split(": ")[0])).toEqual([
      "JWT_ISSUER is required",
      "JWT_AUDIENCE is required",
      "JWT_JWKS_URL is required",
    ]);
    expect(faultsOf(sound)).toEqual([]);
  });

  it.each([
    ["JWT_ISSUER", "has spaces"],
    ["JWT_AUDIENCE", " , "],
    ["JWT_AUDIENCE_CLAIM", "sub"],
    ["JWT_JWKS_URL", "http://keys.example.com/jwks"],
    ["JWT_JWKS_URL", "https://user:password@keys.example.com/jwks"],
    ["JWT_JWKS_URL", "https://{kid}.example.com/jwks"],
    ["JWT_JWKS_URL", "file:///etc/keys"],
    ["JWT_JWKS_URL", "keys"],
    ["JWT_HEADER", "Authorization: Bearer"],
    ["JWT_COOKIE", "a=b"],
    ["JWT_ALGORITHMS", "none"],
    ["JWT_ALGORITHMS", "RS256,HS256"],
    ["JWT_ALGORITHMS", "rs256"],
    ["JWT_ALGORITHMS", ","],
    ["JWT_LABEL", "x".repeat(61)],
    ["JWT_SIGN_IN_URL", "javascript:alert(1)"],
    ["JWT_SIGN_OUT_URL", "//evil.example.com"],
    ["JWT_SIGN_OUT_URL", "/\\evil.example.com"],
    ["JWT_SIGN_OUT_URL", "http://evil.example.com"],
    ["JWT_SIGN_OUT_URL", "logout"],
  ])("stop the boot when %s is %j, without repeating it", (variable, value) => {
    const faults = faultsOf({ ...sound, [variable]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${variable} .{10,}`));
    if (value.length > 10) expect(faults[0]).not.toContain(value);
  });

  it.each([
    ["JWT_JWKS_URL", "https://public-keys.auth.elb.eu-west-1.amazonaws.com/{kid}"],
    ["JWT_JWKS_URL", "http://127.0.0.1:4013/jwks"],
    ["JWT_ISSUER", "accounts.google.com"],
  ])("take %s=%s", (variable, value) => {
    expect(faultsOf({ ...sound, [variable]: value })).toEqual([]);
  });
});

describe("where the JWT is", () => {
  const request = (headers: Record<string, string>) => new Request("https://usage.example.com/", { headers });

  describe("without a name for the place", () => {
    const read = tokenReader({});

    it.each([
      ["Bearer a.b.c", "a.b.c"],
      ["bearer  a.b.c", "a.b.c"],
      ["Basic YTpi", null],
      ["Bearer", null],
      ["a.b.c", null],
    ])("Authorization: %s holds %j", (authorization, jwt) => {
      expect(read(request({ authorization }))).toBe(jwt);
    });

    it("no cookie counts", () => {
      expect(read(request({ cookie: "authorization=Bearer a.b.c; jwt=a.b.c" }))).toBeNull();
    });
  });

  describe("a header of a proxy", () => {
    const read = tokenReader({ HEADER: "Cf-Access-Jwt-Assertion" });

    it.each([
      ["a.b.c", "a.b.c"],
      ["Bearer a.b.c", "a.b.c"],
      ["", null],
    ])("that reads %j holds %j", (value, jwt) => {
      expect(read(request({ "cf-access-jwt-assertion": value }))).toBe(jwt);
    });

    it("replaces Authorization", () => {
      expect(read(request({ authorization: "Bearer a.b.c" }))).toBeNull();
    });
  });

  describe("a cookie", () => {
    const read = tokenReader({ COOKIE: "__session" });

    it.each([
      ["a=b; __session=a.b.c; c=d", "a.b.c"],
      ["__session=a.b.c==", "a.b.c=="],
      ["x__session=a.b.c", null],
      ["__session_x=a.b.c", null],
      ["__session=", null],
    ])("header that reads %j holds %j", (cookie, jwt) => {
      expect(read(request({ cookie }))).toBe(jwt);
    });

    it("alone counts when only it is named", () => {
      expect(read(request({ authorization: "Bearer a.b.c" }))).toBeNull();
    });

    it("twice is refused, even the same: another subdomain may have set one", () => {
      expect(() => read(request({ cookie: "__session=d.e.f; __session=a.b.c" }))).toThrow("invalid_response");
    });
  });

  describe("a header and a cookie", () => {
    const read = tokenReader({ HEADER: "Authorization", COOKIE: "jwt" });

    it("are read in this order", () => {
      expect(read(request({ authorization: "Bearer header", cookie: "jwt=cookie" }))).toBe("header");
      expect(read(request({ cookie: "jwt=cookie" }))).toBe("cookie");
      expect(read(request({}))).toBeNull();
    });
  });

  it("is refused unread when it is too long", () => {
    const read = tokenReader({ HEADER: "x-jwt", COOKIE: "jwt" });
    const long = "x".repeat(12_289);
    expect(() => read(request({ "x-jwt": long }))).toThrow("invalid_response");
    expect(() => read(request({ cookie: `jwt=${long}` }))).toThrow("invalid_response");
    expect(read(request({ "x-jwt": long.slice(1) }))).toHaveLength(12_288);
  });
});

describe("the probe of the doctor", () => {
  let server: KeyServer;
  beforeEach(async () => {
    server = await startKeyServer(makeKey("key-1"));
  });
  afterEach(() => server.close());

  function probe(url: string) {
    const adapter = jwtAdapter("edge");
    const env = adapter.env.parse({
      JWT_EDGE_ISSUER: "https://edge.example.com",
      JWT_EDGE_AUDIENCE: "app",
      JWT_EDGE_JWKS_URL: url,
      JWT_EDGE_HEADER: "x-jwt",
    });
    return adapter.probe?.(env, AbortSignal.timeout(5_000));
  }

  it("finds no fault where keys are published", async () => {
    expect(await probe(server.jwksUrl)).toEqual([]);
  });

  it("asks nothing where each key has an address of its own", async () => {
    expect(await probe(server.pemUrl)).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  it.each<[Fault, RegExp]>([
    ["status_500", /publishes no keys \(status 500\)/],
    ["garbage", /no key set/],
  ])("names the instance's own variable: %s", async (fault, problem) => {
    server.fault = fault;
    expect(await probe(server.jwksUrl)).toEqual([
      { variable: "JWT_EDGE_JWKS_URL", problem: expect.stringMatching(problem) },
    ]);
  });

  it.each<Fault>(["drop", "redirect"])("says when there is no answer: %s", async (fault) => {
    server.fault = fault;
    await expect(probe(server.jwksUrl)).rejects.toMatchObject({ code: "provider_unavailable" });
  });

  it("finds a key set without keys", async () => {
    server.keys.length = 0;
    expect(await probe(server.jwksUrl)).toMatchObject([{ variable: "JWT_EDGE_JWKS_URL" }]);
  });
});
