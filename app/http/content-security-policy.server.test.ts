import { beforeEach, describe, expect, it, vi } from "vitest";

const settings = {
  production: true,
  origin: new URL("https://usage.example.com"),
  ringside: { url: new URL("https://api.example.com/v1") },
};
const state: { connections: () => Promise<unknown[]> } = { connections: async () => [] };
vi.mock("#app/config.server.ts", () => ({ config: () => settings }));
vi.mock("#app/auth/connections.server.ts", () => ({ connections: () => state.connections() }));
const { contentSecurityPolicy, createNonce } = await import("./content-security-policy.server.ts");

async function directives(nonce = "n0nce") {
  const policy = await contentSecurityPolicy(nonce);
  return Object.fromEntries(policy.split("; ").map((directive) => directive.split(/ (.*)/).slice(0, 2)));
}

describe("contentSecurityPolicy", () => {
  beforeEach(() => {
    settings.production = true;
    settings.origin = new URL("https://usage.example.com");
    state.connections = async () => [
      { connection: { kind: "redirect", origins: ["https://github.com"] } },
      { connection: { kind: "redirect", origins: ["https://github.com", "https://id.example.com"] } },
      { connection: { kind: "ambient", signOutUrl: new URL("https://sso.example.com/out") } },
      { connection: { kind: "ambient" } },
    ];
  });

  it("allows our own files, this response's scripts, Ringside, and forms to the providers", async () => {
    expect(await directives()).toEqual({
      "default-src": "'none'",
      "script-src": "'self' 'nonce-n0nce'",
      "style-src": "'self'",
      "style-src-attr": "'unsafe-inline'",
      "img-src": "'self' data: https:",
      "font-src": "'self'",
      "connect-src": "'self' https://api.example.com",
      "form-action": "'self' https://github.com https://id.example.com https://sso.example.com",
      "frame-ancestors": "'none'",
      "base-uri": "'none'",
      "manifest-src": "'self'",
      "require-trusted-types-for": "'script'",
      "trusted-types": "default",
      "upgrade-insecure-requests": undefined,
    });
  });

  it("does not send a page on http to https", async () => {
    settings.origin = new URL("http://localhost:3000");
    expect(await directives()).not.toHaveProperty("upgrade-insecure-requests");
  });

  it("lets the dev server reload and style the page", async () => {
    settings.production = false;
    const dev = await directives();
    expect(dev["connect-src"]).toContain("ws:");
    expect(dev["style-src"]).toContain("'unsafe-inline'");
    expect(dev).not.toHaveProperty("require-trusted-types-for");
  });

  it("still is one when a provider cannot be reached, for the page that says so", async () => {
    state.connections = () => Promise.reject(new Error("discovery failed"));
    expect((await directives())["form-action"]).toBe("'self'");
  });
});

describe("createNonce", () => {
  it("is 128 random bits, new each time", () => {
    const nonces = new Set(Array.from({ length: 100 }, createNonce));
    expect(nonces.size).toBe(100);
    for (const nonce of nonces) expect(Buffer.from(nonce, "base64")).toHaveLength(16);
  });
});
