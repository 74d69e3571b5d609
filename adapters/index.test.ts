import { describe, expect, it } from "vitest";
import * as z from "zod";
import { adapters, findAdapter, instancesIn } from "./index.ts";

describe("the registry", () => {
  it.each(Object.entries(adapters))(
    "lists %s under its own id, which can be part of a URL",
    (key, adapter) => {
      expect(adapter.id).toBe(key);
      expect(adapter.id).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(findAdapter(key)).toBe(adapter);
    },
  );

  it.each(Object.values(adapters))(
    "knows the variables of $id by name, and no two adapters share one",
    (adapter) => {
      const variablesOf = (env: unknown) => (env instanceof z.ZodObject ? Object.keys(env.shape) : null);
      const own = variablesOf(adapter.env);
      expect(own).not.toBeNull();
      const others = Object.values(adapters).filter((other) => other !== adapter);
      expect(
        others.flatMap((other) => variablesOf(other.env)).filter((name) => own?.includes(name ?? "")),
      ).toEqual([]);
    },
  );

  it.each(["", "nobody", "constructor", "__proto__", "toString", "GitHub"])(
    "finds nothing under %j",
    (entry) => {
      expect(findAdapter(entry)).toBeUndefined();
    },
  );
});

describe("several of one kind", () => {
  it.each([
    ["oidc:okta", "OIDC_OKTA_ISSUER"],
    ["oidc:my-corp", "OIDC_MY_CORP_ISSUER"],
    ["jwt:cloudflare", "JWT_CLOUDFLARE_ISSUER"],
  ])("are found by name: %s", (entry, variable) => {
    const adapter = findAdapter(entry);
    expect(adapter?.id).toBe(entry);
    expect(adapter?.env instanceof z.ZodObject && Object.keys(adapter.env.shape)).toContain(variable);
  });

  it.each([
    "oidc:",
    "oidc:Okta",
    "oidc:my_corp",
    "oidc:a:b",
    "oidc:a--b",
    "github:a",
    "__proto__:a",
    ":okta",
    "oidc:../x",
  ])("are not found under %j", (entry) => {
    expect(findAdapter(entry)).toBeUndefined();
  });

  it("are seen in an environment by the variables that each must have", () => {
    const env = {
      OIDC_ISSUER: "https://plain.example.com",
      OIDC_CLIENT_ID: "plain",
      OIDC_OKTA_ISSUER: "https://okta.example.com",
      OIDC_OKTA_CLIENT_ID: "okta",
      OIDC_MY_CORP_CLIENT_ID: "corp",
      OIDC_GONE_ISSUER: undefined,
      JWT_CLOUDFLARE_AUDIENCE: "x",
      // Of other software, perhaps: a family's optional variables are no sign of it.
      JWT_AUTH_COOKIE: "x",
      OIDC_RP_SCOPES: "x",
      MY_OIDC_X_ISSUER: "x",
    };
    expect(instancesIn(env)).toEqual(["oidc:okta", "oidc:my-corp", "jwt:cloudflare"]);
  });
});
