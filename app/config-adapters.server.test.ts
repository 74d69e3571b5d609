import { describe, expect, it } from "vitest";
import { enabledAdapters } from "./config-adapters.server.ts";

const okta = {
  OIDC_OKTA_ISSUER: "https://okta.example.com",
  OIDC_OKTA_CLIENT_ID: "id",
  OIDC_OKTA_CLIENT_SECRET: "canary",
};
const google = {
  OIDC_GOOGLE_ISSUER: "https://accounts.google.com",
  OIDC_GOOGLE_CLIENT_ID: "id",
  OIDC_GOOGLE_CLIENT_SECRET: "canary",
};

function read(env: Record<string, string | undefined>) {
  const faults: string[] = [];
  const enabled = enabledAdapters({
    env,
    demoAllowed: true,
    fault: (variable, problem) => faults.push(`${variable} ${problem}`),
  });
  expect(faults.join()).not.toContain("canary");
  return { ids: enabled.map(({ adapter }) => adapter.id), faults };
}

describe("several adapters of one kind", () => {
  it("stand side by side, in the order of their buttons", () => {
    const { ids, faults } = read({ AUTH_ADAPTERS: "oidc:okta, demo,oidc:google", ...google, ...okta });
    expect(ids).toEqual(["oidc:okta", "demo", "oidc:google"]);
    expect(faults).toEqual([]);
  });

  it("are told apart in what they miss", () => {
    const { ids, faults } = read({ AUTH_ADAPTERS: "oidc:okta,oidc:google", ...okta });
    expect(ids).toEqual(["oidc:okta"]);
    expect(faults).toEqual([
      expect.stringMatching(/^OIDC_GOOGLE_ISSUER is required.*\(adapter oidc:google\)$/),
      expect.stringMatching(/^OIDC_GOOGLE_CLIENT_ID is required/),
      expect.stringMatching(/^OIDC_GOOGLE_CLIENT_SECRET is required/),
    ]);
  });

  it("are missed when they are half set and nobody has named them", () => {
    const { faults } = read({ AUTH_ADAPTERS: "demo", OIDC_OKTA_ISSUER: "https://okta.example.com" });
    expect(faults).toEqual([expect.stringMatching(/^OIDC_OKTA_ISSUER is set, but oidc:okta is neither/)]);
  });

  it("may be set up whole and switched off", () => {
    expect(read({ AUTH_ADAPTERS: "demo", ...okta }).faults).toEqual([]);
  });

  it("have names that can be written one way only", () => {
    expect(read({ AUTH_ADAPTERS: "oidc:Okta", ...okta }).faults).toEqual([
      expect.stringContaining("oidc:<name>, jwt:<name>"),
    ]);
  });
});
