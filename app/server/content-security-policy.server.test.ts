import { beforeEach, describe, expect, it, vi } from "vitest";

const settings = {
  production: true,
  origin: new URL("https://usage.example.com"),
  ringside: { url: new URL("https://api.example.com/v1") },
};
vi.mock("#app/config/config.server.ts", () => ({ config: () => settings }));
const { contentSecurityPolicy, createNonce } = await import("./content-security-policy.server.ts");

function directives(ancestors: string[] = []) {
  const policy = contentSecurityPolicy("n0nce", ancestors);
  return Object.fromEntries(policy.split("; ").map((directive) => directive.split(/ (.*)/).slice(0, 2)));
}

describe("contentSecurityPolicy", () => {
  beforeEach(() => {
    settings.production = true;
    settings.origin = new URL("https://usage.example.com");
  });

  it("allows our own files and forms, this response's scripts, and Ringside", () => {
    expect(directives()).toEqual({
      "default-src": "'none'",
      "script-src": "'self' 'nonce-n0nce'",
      "style-src": "'self'",
      "style-src-attr": "'unsafe-inline'",
      "img-src": "'self' data: https:",
      "font-src": "'self'",
      "connect-src": "'self' https://api.example.com",
      "form-action": "'self'",
      "frame-ancestors": "'none'",
      "base-uri": "'none'",
      "manifest-src": "'self'",
      "require-trusted-types-for": "'script'",
      "trusted-types": "default",
      "upgrade-insecure-requests": undefined,
    });
  });

  it("names who may frame a page", () => {
    const origins = ["https://app.example.com", "https://other.test:8443"];
    expect(directives(origins)["frame-ancestors"]).toBe(origins.join(" "));
  });

  it("does not send a page on http to https", () => {
    settings.origin = new URL("http://localhost:3000");
    expect(directives()).not.toHaveProperty("upgrade-insecure-requests");
  });

  it("lets the dev server reload and style the page", () => {
    settings.production = false;
    const dev = directives();
    expect(dev["connect-src"]).toContain("ws:");
    expect(dev["style-src"]).toContain("'unsafe-inline'");
    expect(dev).not.toHaveProperty("require-trusted-types-for");
  });
});

describe("createNonce", () => {
  it("is 128 random bits, new each time", () => {
    const nonces = new Set(Array.from({ length: 100 }, createNonce));
    expect(nonces.size).toBe(100);
    for (const nonce of nonces) expect(Buffer.from(nonce, "base64")).toHaveLength(16);
  });
});
