import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { AuthAdapter } from "./adapter.ts";
import * as listed from "./index.ts";
import { registry as appRegistry, registryOf, shapeOf } from "./registry.ts";
import { proxyAuthenticated, severalOf } from "./testing/example.ts";

const corp = severalOf("corp", { ISSUER: z.string(), CLIENT_ID: z.string(), SCOPES: z.string().optional() });
const only = proxyAuthenticated({ id: "only", env: z.object({ ONLY_KEY: z.string() }) });
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
    "unknown",
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
    expect(shapeOf(proxyAuthenticated({ id: "odd", env: z.unknown() }))).toEqual({});
  });
});

describe("the list of adapters", () => {
  it.each(Object.entries(listed))("has %s under its own id, which can be part of a URL", (name, adapter) => {
    expect(adapter.id).toBe(name);
    expect(adapter.id).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(appRegistry.find(name)).toBe(adapter);
  });

  it.each(appRegistry.all)("knows the variables of $id by name, and no two adapters share one", (adapter) => {
    expect(adapter.env).toBeInstanceOf(z.ZodObject);
    const own = Object.keys(shapeOf(adapter));
    const others = appRegistry.all
      .filter((other) => other !== adapter)
      .flatMap((other) => Object.keys(shapeOf(other)));
    expect(others.filter((name) => own.includes(name))).toEqual([]);
  });
});
