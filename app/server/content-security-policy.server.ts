/** What a page of ours may load, reach and be framed by; derived from the configuration, never from a request. */
import { randomBytes } from "node:crypto";
import { config } from "#app/config/config.server.ts";

export const createNonce = () => randomBytes(16).toString("base64");

/** Recharts and the CSS bars set sizes in style attributes. */
const STYLES = { "style-src": ["'self'"], "style-src-attr": ["'unsafe-inline'"] };
/** The dev server puts whole style sheets into the page. */
const DEV_STYLES = { "style-src": ["'self'", "'unsafe-inline'"] };

/**
 * The header's value for one response. `nonce` allows that response's own inline scripts, `ancestors` are the origins
 * whose pages may frame it.
 */
export function contentSecurityPolicy(nonce: string, ancestors: readonly string[]): string {
  const { ringside, production, origin } = config();
  const directives: Record<string, string[]> = {
    "default-src": ["'none'"],
    "script-src": ["'self'", `'nonce-${nonce}'`],
    ...(production ? STYLES : DEV_STYLES),
    "img-src": ["'self'", "data:", "https:"],
    "font-src": ["'self'"],
    // The dev server's hot reload talks over a WebSocket of its own.
    "connect-src": ["'self'", ringside.url.origin, ...(production ? [] : ["ws:"])],
    // Providers are not forms' targets: leave-page.server.tsx leads there.
    "form-action": ["'self'"],
    "frame-ancestors": ancestors.length > 0 ? [...ancestors] : ["'none'"],
    "base-uri": ["'none'"],
    "manifest-src": ["'self'"],
    ...(production && { "require-trusted-types-for": ["'script'"], "trusted-types": ["default"] }),
    ...(origin.protocol === "https:" && { "upgrade-insecure-requests": [] }),
  };
  return Object.entries(directives)
    .map(([name, values]) => [name, ...values].join(" "))
    .join("; ");
}
