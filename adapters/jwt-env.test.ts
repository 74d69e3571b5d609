import { describe, expect, it } from "vitest";
import { jwtAdapter } from "./jwt.ts";

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
