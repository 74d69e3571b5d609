import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineAdapter } from "#adapters/adapter.ts";
import { externalIdFor } from "./external-id.server.ts";

const adapter = defineAdapter({
  id: "demo",
  label: "Demo",
  env: z.object({}),
  connect: () => ({ kind: "ambient", identify: async () => null }),
  externalId: ({ subject }) => (subject === "nobody" ? "" : `demo_${subject}`),
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

  it("refuses an empty id, which everybody would share", () => {
    expect(() => externalIdFor(adapter, { ...identity, subject: "nobody" }, null)).toThrow("demo");
  });
});
