import { describe, expect, it } from "vitest";
import * as z from "zod";
import { registryOf } from "#adapters/registry.ts";
import { proxyAuthenticated, severalOf } from "#adapters/testing/example.ts";
import { enabledAdapters } from "./adapters.server.ts";

const open = proxyAuthenticated({ id: "open", env: z.object({}), unguarded: true });
const corp = severalOf("corp", { ISSUER: z.string({ error: "is required" }), SECRET: z.string() });
const okta = { CORP_OKTA_ISSUER: "https://okta.example.com", CORP_OKTA_SECRET: "canary" };
const google = { CORP_GOOGLE_ISSUER: "https://google.example.com", CORP_GOOGLE_SECRET: "canary" };

function read(env: Record<string, string | undefined>, { adapters = [corp, open], exposed = false } = {}) {
  const faults: string[] = [];
  const warnings: string[] = [];
  const enabled = enabledAdapters({
    env,
    registry: registryOf(adapters),
    unguardedAllowed: !exposed,
    unguardedByDefault: !exposed,
    fault: (variable, problem) => faults.push(`${variable} ${problem}`),
    warn: (variable, problem) => warnings.push(`${variable} ${problem}`),
  });
  expect(faults.join()).not.toContain("canary");
  return { ids: enabled.map(({ adapter }) => adapter.id), faults, warnings };
}

describe("AUTH_ADAPTERS", () => {
  it("unset: the adapter that needs no provider, where that is allowed", () => {
    expect(read({})).toEqual({ ids: ["open"], faults: [], warnings: [] });
    const missing = ["AUTH_ADAPTERS is required: one or more of corp, corp:<name>, open"];
    expect(read({}, { exposed: true })).toEqual({ ids: [], faults: missing, warnings: [] });
  });

  it("must name an adapter, without which no user could sign in", () => {
    const faults = ["AUTH_ADAPTERS is required: one or more of corp, corp:<name>"];
    expect(read({}, { adapters: [corp] }).faults).toEqual(faults);
    expect(read({ AUTH_ADAPTERS: " ," }, { adapters: [corp] }).faults).toEqual(faults);
  });

  it("must not name an adapter that signs in any user as any other where the app is exposed", () => {
    expect(read({ AUTH_ADAPTERS: "open" }, { exposed: true }).faults).toEqual([
      expect.stringContaining("must not name open unless APP_ORIGIN is loopback"),
    ]);
  });

  it("may name an adapter twice, with a warning that names it", () => {
    const { ids, faults, warnings } = read({ AUTH_ADAPTERS: "open, corp:okta,open,corp:okta", ...okta });
    expect(ids).toEqual(["open", "corp:okta"]);
    expect(faults).toEqual([]);
    expect(warnings).toEqual([
      expect.stringContaining('"open" more than once'),
      expect.stringContaining('"corp:okta" more than once'),
    ]);
  });
});

describe("several adapters of one kind", () => {
  it("stand side by side, in the order of their buttons", () => {
    const { ids, faults } = read({ AUTH_ADAPTERS: "corp:okta, open,corp:google", ...google, ...okta });
    expect(ids).toEqual(["corp:okta", "open", "corp:google"]);
    expect(faults).toEqual([]);
  });

  it("are told apart in what they miss", () => {
    const { ids, faults } = read({ AUTH_ADAPTERS: "corp:okta,corp:google", ...okta });
    expect(ids).toEqual(["corp:okta"]);
    expect(faults).toEqual([
      "CORP_GOOGLE_ISSUER is required (adapter corp:google)",
      expect.stringMatching(/^CORP_GOOGLE_SECRET .*\(adapter corp:google\)$/),
    ]);
  });

  it("are a fault when they are half set and AUTH_ADAPTERS does not name them", () => {
    const { faults } = read({ AUTH_ADAPTERS: "open", CORP_OKTA_ISSUER: "https://okta.example.com" });
    expect(faults).toEqual([expect.stringMatching(/^CORP_OKTA_ISSUER is set, but corp:okta is neither/)]);
  });

  it("may be set up whole and switched off", () => {
    expect(read({ AUTH_ADAPTERS: "open", ...okta }).faults).toEqual([]);
  });

  it("have names that can be written one way only", () => {
    expect(read({ AUTH_ADAPTERS: "corp:Okta", ...okta }).faults).toEqual([
      expect.stringContaining("not one of: corp, corp:<name>, open"),
    ]);
  });
});
