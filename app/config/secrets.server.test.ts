import { randomBytes, randomInt } from "node:crypto";
import { describe, expect, it } from "vitest";
import { estimatedBits, isExample, weaknessOf } from "./secrets.server.ts";

describe("a secret's strength", () => {
  it("is enough for what generators make, always", () => {
    for (let i = 0; i < 300; i++) {
      const bytes = randomBytes(32);
      const digits = Array.from({ length: 32 }, () => randomInt(10)).join("");
      for (const encoding of ["base64", "base64url", "hex"] as const)
        expect(weaknessOf(bytes.toString(encoding))).toBeNull();
      expect(weaknessOf(digits)).toBeNull();
    }
  });

  it.each([
    "a".repeat(40),
    "abcd".repeat(10),
    "0101010101".repeat(4),
    "my-secret!".repeat(9),
    "-".repeat(32),
  ])("is too little in %s", (secret) => expect(weaknessOf(secret)).toMatch(/too regular/));

  it.each(["", "a"])("counts no bits in %j", (secret) => expect(estimatedBits(secret)).toBe(0));

  it.each([
    "change-me-please-change-me-please-now",
    "development-only-secret-never-used-in-production",
    "your-session-secret-of-32-characters",
    "<openssl rand -base64 32>",
    "…",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "replace_this_with_a_long_random_string",
  ])("knows %s for an example", (secret) => expect(weaknessOf(secret)).toMatch(/example/));

  it("does not take a real key for an example", () => {
    expect(isExample("sk_live_9f2c41d07ab84e6f")).toBe(false);
    expect(isExample(randomBytes(32).toString("base64url"))).toBe(false);
  });
});
