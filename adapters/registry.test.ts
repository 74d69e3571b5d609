import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { AuthAdapter } from "./adapter.ts";
import { registryOf, shapeOf } from "./registry.ts";
import { ambient, severalOf } from "./testing/example.ts";

const corp = severalOf("corp", { ISSUER: z.string(), CLIENT_ID: z.string(), SCOPES: z.string().optional() });
const only = ambient({ id: "only", env: z.object({ ONLY_KEY: z.string() }) });
const registry = registryOf([only, corp]);

describe("registryOf", () => {
  it("finds an adapter by its id", () => {
    expect(registry.find("only")).toBe(only);
    expect(registry.find("corp")).toBe(corp);
  });

  it.each([
    ["corp:okta", "CORP_OKTA_ISSUER"],
    ["corp:my-team", "CORP_MY_TEAM_ISSUER"],
  ])("finds one of several by its name: %s", (entry, variable) => {
    const adapter = registry.find(entry) as AuthAdapter;
    expect(adapter.id).toBe(entry);
    expect(shapeOf(adapter)).toHaveProperty(variable);
  });

  it.each([
    "",
    "nobody",
    "constructor",
    "__proto__",
    "toString",
    "Only",
    "corp:",
    "corp:Okta",
    "corp:my_team",
    "corp:a:b",
    "corp:a--b",
    "only:a",
    "__proto__:a",
    ":okta",
    "corp:../x",
  ])("finds nothing under %j", (entry) => {
    expect(registry.find(entry)).toBeUndefined();
  });

  it("says what an entry can be", () => {
    expect(registry.entries).toEqual(["only", "corp", "corp:<name>"]);
  });

  it("sees instances in an environment by the variables that each must have", () => {
    const env = {
      CORP_ISSUER: "https://plain.example.com",
      CORP_CLIENT_ID: "plain",
      CORP_OKTA_ISSUER: "https://okta.example.com",
      CORP_OKTA_CLIENT_ID: "okta",
      CORP_MY_TEAM_CLIENT_ID: "team",
      CORP_GONE_ISSUER: undefined,
      // Of other software, perhaps: optional variables are no sign of an instance.
      CORP_RP_SCOPES: "x",
      MY_CORP_X_ISSUER: "x",
      ONLY_A_KEY: "x",
    };
    expect(registry.instancesIn(env)).toEqual(["corp:okta", "corp:my-team"]);
  });

  it("knows no variable of an env that is not a plain object", () => {
    expect(shapeOf(ambient({ id: "odd", env: z.unknown() }))).toEqual({});
  });
});
