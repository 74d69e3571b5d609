import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { estimatedBits, isPlaceholder, looksTyped } from "./strength.ts";

describe("a secret's strength", () => {
  it("takes what generators make, always", () => {
    for (let i = 0; i < 300; i++) {
      const bytes = randomBytes(32);
      for (const secret of [bytes.toString("base64"), bytes.toString("base64url"), bytes.toString("hex")]) {
        expect(estimatedBits(secret)).toBeGreaterThan(96);
        expect(looksTyped(secret)).toBe(false);
      }
    }
  });

  it.each(["a".repeat(40), "abcd".repeat(10), "0101010101".repeat(4), "-".repeat(32)])(
    "counts few bits in %s",
    (secret) => expect(estimatedBits(secret)).toBeLessThan(96),
  );

  it.each(["", "a"])("counts none in %j", (secret) => expect(estimatedBits(secret)).toBe(0));

  it.each([
    "change-me-please-change-me-please-now",
    "development-only-secret-never-used-in-production",
    "your-session-secret-of-32-characters",
    "<openssl rand -base64 32>",
    "…",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "replace_this_with_a_long_random_string",
  ])("knows %s for an example", (secret) => expect(isPlaceholder(secret)).toBe(true));

  it("does not take a real key for an example", () => {
    expect(isPlaceholder("sk_live_9f2c41d07ab84e6f")).toBe(false);
    expect(isPlaceholder(randomBytes(32).toString("base64url"))).toBe(false);
  });

  it("tells typed words from a UUID", () => {
    expect(looksTyped("our-dashboard-is-the-very-best-of-all!")).toBe(true);
    expect(looksTyped("3f2b8c1e-9d4a-4f6b-8e2c-1a7d5b9c0e3f")).toBe(false);
  });
});
