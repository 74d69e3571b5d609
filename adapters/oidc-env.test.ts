import { describe, expect, it } from "vitest";
import { oidcAdapter } from "./oidc.ts";

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
