import type { NextFunction, Request, Response } from "express";
import { beforeEach, describe, expect, it, vi } from "vitest";

const settings = {
  hotReload: false,
  origin: new URL("https://usage.example.com"),
  ringside: { url: new URL("https://api.example.com/v1") },
  embedOrigins: [] as string[],
};
vi.mock("#app/config/config.server.ts", () => ({ config: () => settings }));
const { contentSecurityPolicy, createNonce, framedBy, keepsOpener, securityHeaders } = await import(
  "./security-headers.server.ts"
);

function directives(ancestors: string[] = []) {
  const policy = contentSecurityPolicy("n0nce", ancestors);
  return Object.fromEntries(policy.split("; ").map((directive) => directive.split(/ (.*)/).slice(0, 2)));
}

describe("contentSecurityPolicy", () => {
  beforeEach(() => {
    settings.hotReload = false;
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
    settings.hotReload = true;
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

/** The headers of a response at that path, before a page sets its own policy. */
function headersAt(path: string) {
  const headers = new Map<string, unknown>();
  const response = {
    setHeader: (name: string, value: unknown) => headers.set(name.toLowerCase(), value),
    removeHeader: (name: string) => headers.delete(name.toLowerCase()),
  } as unknown as Response;
  const next: NextFunction = (error) => {
    if (error) throw error;
  };
  for (const handle of securityHeaders(new URL("https://usage.example.com")))
    handle({ path } as Request, response, next);
  return headers;
}

const closed = [
  "/dashboard",
  "/sign-in",
  "/embed/",
  "/Embed",
  "/embed/hand-over",
  "/embed/session",
  "/embed.data",
];

describe("framing", () => {
  beforeEach(() => {
    settings.embedOrigins = ["https://app.example.com"];
  });

  it("is open to the origins listed, at one address", () => {
    expect(framedBy("/embed")).toEqual(["https://app.example.com"]);
    expect(headersAt("/embed").has("x-frame-options")).toBe(false);
  });

  it.each(closed)("is closed at %s", (path) => {
    expect(framedBy(path)).toEqual([]);
    expect(headersAt(path).get("x-frame-options")).toBe("DENY");
  });

  it("is closed everywhere by default", () => {
    settings.embedOrigins = [];
    for (const path of ["/embed", ...closed]) {
      expect(framedBy(path)).toEqual([]);
      expect(headersAt(path).get("x-frame-options")).toBe("DENY");
      expect(headersAt(path).get("cross-origin-opener-policy")).toBe("same-origin");
    }
  });
});

describe("window.opener", () => {
  it("is kept on the way through signing in, and nowhere else", () => {
    settings.embedOrigins = ["https://app.example.com"];
    for (const path of ["/embed/hand-over", "/sign-in", "/auth/github", "/auth/oidc:okta/callback"]) {
      expect(keepsOpener(path)).toBe(true);
      expect(headersAt(path).get("cross-origin-opener-policy")).toBe("unsafe-none");
    }
    for (const path of ["/embed", "/dashboard", "/", "/auth", "/auth/a/b", "/sign-in/x"])
      expect(headersAt(path).get("cross-origin-opener-policy")).toBe("same-origin");
  });
});
