import type { NextFunction, Request, Response } from "express";
import { beforeEach, describe, expect, it, vi } from "vitest";

const settings = { embedOrigins: [] as string[] };
vi.mock("#app/config/config.server.ts", () => ({ config: () => settings }));
const { framedBy, keepsOpener } = await import("./framing.server.ts");
const { securityHeaders } = await import("./security-headers.server.ts");
const { themeOf } = await import("./theme.server.ts");

/** The headers that an answer at that path leaves with, before a page sets its own policy. */
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

describe("the tie to the frame that opened a window", () => {
  it("lasts through signing in, and nowhere else", () => {
    settings.embedOrigins = ["https://app.example.com"];
    for (const path of ["/embed/hand-over", "/sign-in", "/auth/github", "/auth/oidc:okta/callback"]) {
      expect(keepsOpener(path)).toBe(true);
      expect(headersAt(path).get("cross-origin-opener-policy")).toBe("unsafe-none");
    }
    for (const path of ["/embed", "/dashboard", "/", "/auth", "/auth/a/b", "/sign-in/x"])
      expect(headersAt(path).get("cross-origin-opener-policy")).toBe("same-origin");
  });
});

describe("the theme of a frame", () => {
  const theme = (path: string, cookie = "") =>
    themeOf(new globalThis.Request(`https://usage.example.com${path}`, { headers: { cookie } }));

  it("is what the page around it asks for, else what the person chose", () => {
    expect(theme("/embed?theme=dark", "theme=light")).toBe("dark");
    expect(theme("/embed", "theme=light")).toBe("light");
    expect(theme("/embed?theme=purple")).toBe("system");
  });

  it("is no matter of an address elsewhere", () => {
    expect(theme("/dashboard?theme=dark")).toBe("system");
  });
});
