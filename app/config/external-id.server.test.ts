import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type AuthAdapter, defineAdapter } from "#adapters/adapter.ts";
import { registry } from "#adapters/registry.ts";
import { ConfigError, parseConfig } from "./config.server.ts";
import { ambiguousPair, externalIdFor } from "./external-id.server.ts";

const adapter = defineAdapter({
  id: "demo",
  label: "Demo",
  env: z.object({}),
  connect: () => ({ kind: "proxy-authenticated", issuers: [], identify: async () => null }),
  externalId: ({ subject }) => (subject === "unmapped" ? "" : `demo_${subject}`),
});
const identity = { issuer: "https://id.example", subject: "a/b?c#d%2F.." };

describe("externalIdFor", () => {
  it("is the adapter's own mapping, unchanged: encoding happens in the URL and nowhere else", () => {
    expect(externalIdFor(adapter, identity, null)).toBe("demo_a/b?c#d%2F..");
  });

  it("is the template when there is one", () => {
    expect(externalIdFor(adapter, identity, "user_{subject}")).toBe("user_a/b?c#d%2F..");
    expect(externalIdFor(adapter, identity, "{adapter}:{issuer}:{subject}")).toBe(
      "demo:https://id.example:a/b?c#d%2F..",
    );
  });

  it("does not fill in a subject that looks like a placeholder", () => {
    expect(externalIdFor(adapter, { ...identity, subject: "{issuer}$&" }, "u_{subject}")).toBe(
      "u_{issuer}$&",
    );
  });

  it("refuses an empty id, which all users of the adapter would share", () => {
    expect(() => externalIdFor(adapter, { ...identity, subject: "unmapped" }, null)).toThrow("demo");
  });
});

/** Adapters as AUTH_ADAPTERS can name them side by side: some ids and issuers continue others. */
const ADAPTERS = [
  { id: "github", issuers: ["https://github.com"] },
  { id: "oidc", issuers: ["https://id.example.com/", "https://id.example.com"] },
  { id: "oidc:okta", issuers: ["https://id.example.com/okta"] },
  { id: "oidc:okta-eu", issuers: ["https://id.example.com/okta-eu/", "https://id.example.com/okta-eu"] },
  { id: "jwt:okta", issuers: ["https://id.example.com/okta"] },
  { id: "x", issuers: [] },
  { id: "x:y", issuers: [] },
];

const template = fc
  .array(fc.constantFrom("{adapter}", "{issuer}", "{subject}", "-", "_", ":", "/", "x", "eu", "oidc"), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(""))
  .filter((text) => text.includes("{subject}"));
const enabled = fc.uniqueArray(fc.constantFrom(...ADAPTERS), { minLength: 1, maxLength: 3 });

const named = (id: string) => ({ id, externalId: () => "" }) as unknown as AuthAdapter;

/** Texts that an issuer or subject chosen with care could be: the pieces of what other users get. */
function craftedFor(text: string, users: typeof ADAPTERS): string[] {
  const wholes = users.flatMap(({ id, issuers }) =>
    (issuers.length > 0 ? issuers : ["a", "a:a"]).map((issuer) =>
      externalIdFor(named(id), { issuer, subject: "s" }, text),
    ),
  );
  const pieces = wholes.flatMap((whole) =>
    Array.from({ length: whole.length }, (_, index) => [
      whole.slice(index),
      whole.slice(0, index + 1),
    ]).flat(),
  );
  return [...new Set(["7", "eu-7", "okta-eu-7", ...pieces])];
}

describe("EXTERNAL_ID_TEMPLATE", () => {
  it("if accepted, never gives two users the same external_id", () => {
    fc.assert(
      fc.property(template, enabled, (text, users) => {
        fc.pre(ambiguousPair(text, users) === null);
        const crafted = craftedFor(text, users);
        const owners = new Map<string, string>();
        // One issuer for each adapter, whichever it is.
        for (const { id, issuers } of users)
          for (const issuer of issuers.length > 0 ? issuers.slice(0, 1) : ["a"])
            for (const subject of crafted) {
              const externalId = externalIdFor(named(id), { issuer, subject }, text);
              const owner = JSON.stringify([id, issuer, subject]);
              // Called for a fault alone: an assertion for each of thousands of pairs takes most of a minute.
              if ((owners.get(externalId) ?? owner) !== owner)
                expect.fail(`${owners.get(externalId)} and ${owner} are ${externalId}`);
              owners.set(externalId, owner);
            }
      }),
      { numRuns: 500 },
    );
  });

  it("if refused with one {subject}, does give two users the same external_id", () => {
    const once = template.filter((text) => text.split("{subject}").length === 2);
    const known = fc.uniqueArray(fc.constantFrom(...ADAPTERS.slice(0, 5)), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(once, known, (text, users) => {
        const pair = ambiguousPair(text, users);
        fc.pre(pair !== null);
        const subjects = (id: string) => {
          const { issuers = [] } = users.find((user) => user.id === id) ?? {};
          return issuers.map((issuer) =>
            externalIdFor(named(id), { issuer, subject: "{subject}" }, text).split("{subject}"),
          );
        };
        const [one = [], other = []] = (pair ?? []).map(subjects);
        const shared = one.flatMap(([start = "", end = ""]) =>
          other.flatMap(([otherStart = "", otherEnd = ""]) => {
            const longest = (a: string, b: string) => (a.length > b.length ? a : b);
            const id = `${longest(start, otherStart)}7${longest(end, otherEnd)}`;
            const fits = [
              [start, end],
              [otherStart, otherEnd],
            ].every(([s = "", e = ""]) => id.startsWith(s) && id.endsWith(e));
            return fits ? id : [];
          }),
        );
        expect(shared).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  const env = {
    APP_ORIGIN: "https://usage.acme.test",
    SESSION_SECRET: "KmVYJhv6GqBV7jv0yJ5FqOQqOBk5F9nY0m1v8oQzC2o=",
    RINGSIDE_API_KEY: "sk_live_1",
    ...oidc("", "https://id.example.com"),
    ...oidc("OKTA_", "https://id.example.com/okta"),
    ...oidc("OKTA_EU_", "https://okta-eu.example.com"),
    GITHUB_CLIENT_ID: "id",
    GITHUB_CLIENT_SECRET: "secret",
  };
  function oidc(name: string, issuer: string) {
    return {
      [`OIDC_${name}ISSUER`]: issuer,
      [`OIDC_${name}CLIENT_ID`]: "id",
      [`OIDC_${name}CLIENT_SECRET`]: "secret",
    };
  }
  function faultOf(AUTH_ADAPTERS: string, EXTERNAL_ID_TEMPLATE: string): string | null {
    try {
      parseConfig({ ...env, AUTH_ADAPTERS, EXTERNAL_ID_TEMPLATE });
      return null;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      expect(error.faults.map(({ variable }) => variable)).toEqual(["EXTERNAL_ID_TEMPLATE"]);
      return error.message;
    }
  }

  it.each([
    ["oidc:okta,oidc:okta-eu", "{adapter}-{subject}"],
    ["oidc,oidc:okta", "{adapter}:{subject}"],
    ["oidc,oidc:okta", "{adapter}{subject}"],
    ["github,oidc", "{subject}"],
    ["github,oidc", "{subject}{subject}"],
    ["github,oidc", "{subject}{adapter}{subject}"],
    ["oidc,oidc:okta", "{issuer}{subject}"],
    ["oidc,oidc:okta", "{issuer}/{subject}"],
    ["oidc,oidc:okta", "{subject}/{adapter}x{subject}"],
  ])("is refused at boot for %s: %s", (adapters, text) => {
    expect(faultOf(adapters, text)).toMatch(/share a Customer/);
  });

  it.each([
    ["oidc", "{subject}"],
    ["oidc", "{adapter}{issuer}{subject}"],
    ["github,oidc", "{adapter}-{subject}"],
    ["oidc:okta,oidc:okta-eu", "{adapter}_{subject}"],
    ["oidc,oidc:okta", "user_{adapter}_{subject}"],
    ["oidc,oidc:okta", "{subject}@{adapter}"],
    ["github,oidc", "{issuer}|{subject}"],
    ["oidc,oidc:okta", "{issuer}|{subject}"],
    ["github,oidc,oidc:okta-eu", "{issuer}/{subject}"],
  ])("is accepted for %s: %s", (adapters, text) => {
    expect(faultOf(adapters, text)).toBeNull();
  });
});

describe("the adapters' own external_ids", () => {
  it("never are the same for users of two adapters, instances included", () => {
    const name = fc.stringMatching(/^[a-z0-9]{1,3}(-[a-z0-9]{1,3}){0,2}$/);
    const anyAdapter = fc
      .tuple(fc.constantFrom(...registry.all), fc.option(name))
      .map(([plain, instance]) => (instance && plain.instance ? plain.instance(instance) : plain));
    const issuer = (id: string) => (id === "github" ? "https://github.com" : "https://id.example.com");
    fc.assert(
      fc.property(anyAdapter, anyAdapter, fc.string({ minLength: 1 }), (one, other, rest) => {
        fc.pre(one.id !== other.id);
        const idOf = (from: AuthAdapter, subject: string) =>
          from.externalId({ issuer: issuer(from.id), subject });
        // The only way to meet is that one beginning continues the other.
        const [start, otherStart] = [one, other].map((from) => idOf(from, "\0").split("\0")[0] ?? "");
        expect(idOf(one, rest).startsWith(start ?? "")).toBe(true);
        expect(start?.startsWith(otherStart ?? "")).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });
});
