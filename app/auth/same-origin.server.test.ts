import { describe, expect, it, vi } from "vitest";

vi.mock("#app/config/config.server.ts", () => ({
  config: () => ({ origin: new URL("https://usage.example.com") }),
}));
const { isSameOrigin } = await import("./same-origin.server.ts");

const own = "https://usage.example.com";
const post = (headers: Record<string, string>) => new Request(`${own}/x`, { method: "POST", headers });

describe("isSameOrigin", () => {
  it("takes our own pages, in browsers with and without Fetch Metadata", () => {
    expect(isSameOrigin(post({ origin: own, "sec-fetch-site": "same-origin" }))).toBe(true);
    expect(isSameOrigin(post({ origin: own }))).toBe(true);
  });

  it.each([
    {},
    { "sec-fetch-site": "same-origin" },
    { origin: "null" },
    { origin: "https://evil.test" },
    { origin: "http://usage.example.com" },
    { origin: "https://usage.example.com:8443" },
    { origin: "https://usage.example.com.evil.test" },
    { origin: own, "sec-fetch-site": "cross-site" },
    { origin: own, "sec-fetch-site": "same-site" },
    { origin: own, "sec-fetch-site": "none" },
  ] as Record<string, string>[])("refuses %j", (headers) => expect(isSameOrigin(post(headers))).toBe(false));

  it("never believes the request about our own origin", () => {
    const spoofed = new Request("https://evil.test/x", {
      method: "POST",
      headers: { origin: "https://evil.test", host: "evil.test", "x-forwarded-host": "evil.test" },
    });
    expect(isSameOrigin(spoofed)).toBe(false);
  });
});
