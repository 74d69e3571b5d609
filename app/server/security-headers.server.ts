/**
 * The security headers of every response: what a page may load, reach and be framed by. All of it follows from the
 * configuration, never from a request.
 */
import { randomBytes } from "node:crypto";
import type { RequestHandler } from "express";
import helmet from "helmet";
import { config } from "#app/config/config.server.ts";
import { VERSION } from "./version.server.ts";

export const EMBED_PATH = "/embed";

/** Whether EMBED_ORIGINS lists any site that may show the dashboard in a frame. */
export const embedding = () => config().embedOrigins.length > 0;

/** The origins that may frame a path. `/embed/` and `/Embed` lead to the same page, and may not be framed. */
export const framedBy = (pathname: string): readonly string[] =>
  pathname === EMBED_PATH ? config().embedOrigins : [];

/**
 * Whether a window at this path keeps `window.opener`, which the sign-in window of an embedded dashboard needs on its
 * way to the provider and back. No page with figures is among them.
 */
export const keepsOpener = (pathname: string): boolean =>
  embedding() && /^\/(embed\/hand-over|sign-in|auth\/[^/]+(\/callback)?)$/.test(pathname);

/** For data, redirects, files and errors, which are not pages: they load nothing and cannot be framed. */
const NO_PAGE = {
  "default-src": ["'none'"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
  "frame-ancestors": ["'none'"],
};

/** Sets the headers. A document replaces the policy with its own, see `contentSecurityPolicy`. */
export function securityHeaders(origin: URL): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: NO_PAGE },
      // `no-referrer` would turn the Origin header of our own forms into "null".
      referrerPolicy: { policy: "same-origin" },
      strictTransportSecurity: origin.protocol === "https:" && { maxAge: 31_536_000 },
      xFrameOptions: { action: "deny" },
      // Avatars come from the providers' hosts.
      crossOriginEmbedderPolicy: false,
    }),
    ({ path }, response, next) => {
      // The policy's frame-ancestors says who may frame the page; X-Frame-Options cannot name several origins.
      if (framedBy(path).length > 0) response.removeHeader("x-frame-options");
      if (keepsOpener(path)) response.setHeader("cross-origin-opener-policy", "unsafe-none");
      response.setHeader("x-usage-dashboard-version", VERSION);
      response.setHeader(
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
      );
      next();
    },
  ];
}

export const createNonce = () => randomBytes(16).toString("base64");

/** Recharts and the CSS bars set sizes in style attributes. */
const STYLES = { "style-src": ["'self'"], "style-src-attr": ["'unsafe-inline'"] };
/** The dev server puts whole style sheets into the page. */
const DEV_STYLES = { "style-src": ["'self'", "'unsafe-inline'"] };

/**
 * The Content-Security-Policy of one document.
 * @param nonce allows that document's own inline scripts
 * @param ancestors the origins whose pages may frame it
 */
export function contentSecurityPolicy(nonce: string, ancestors: readonly string[]): string {
  const { ringside, hotReload, origin } = config();
  const directives: Record<string, string[]> = {
    "default-src": ["'none'"],
    "script-src": ["'self'", `'nonce-${nonce}'`],
    ...(hotReload ? DEV_STYLES : STYLES),
    "img-src": ["'self'", "data:", "https:"],
    "font-src": ["'self'"],
    // The dev server's hot reload uses a WebSocket on a port of its own.
    "connect-src": ["'self'", ringside.url.origin, ...(hotReload ? ["ws:"] : [])],
    // Forms never lead to a provider: interstitial-redirect.server.tsx does.
    "form-action": ["'self'"],
    "frame-ancestors": ancestors.length > 0 ? [...ancestors] : ["'none'"],
    "base-uri": ["'none'"],
    "manifest-src": ["'self'"],
    ...(!hotReload && { "require-trusted-types-for": ["'script'"], "trusted-types": ["default"] }),
    ...(origin.protocol === "https:" && { "upgrade-insecure-requests": [] }),
  };
  return Object.entries(directives)
    .map(([name, values]) => [name, ...values].join(" "))
    .join("; ");
}
