/** What a page of ours may load, reach and be framed by; derived from the configuration, never from a request. */
import { randomBytes } from "node:crypto";
import { type Connected, connections } from "#app/auth/connections.server.ts";
import { config } from "#app/config.server.ts";

export const createNonce = () => randomBytes(16).toString("base64");

/** Recharts and the CSS bars set sizes in style attributes. */
const STYLES = { "style-src": ["'self'"], "style-src-attr": ["'unsafe-inline'"] };
/** The dev server puts whole style sheets into the page. */
const DEV_STYLES = { "style-src": ["'self'", "'unsafe-inline'"] };

/** The header's value for one response. `nonce` allows that response's own inline scripts. */
export async function contentSecurityPolicy(nonce: string): Promise<string> {
  const { ringside, production, origin } = config();
  // A provider that cannot be reached must not take the page away that says so.
  const connected: Connected[] = await connections().catch(() => []);
  const providers = connected.flatMap(({ connection }) =>
    connection.kind === "redirect"
      ? connection.origins
      : connection.signOutUrl
        ? [connection.signOutUrl.origin]
        : [],
  );
  const directives: Record<string, string[]> = {
    "default-src": ["'none'"],
    "script-src": ["'self'", `'nonce-${nonce}'`],
    ...(production ? STYLES : DEV_STYLES),
    "img-src": ["'self'", "data:", "https:"],
    "font-src": ["'self'"],
    // The dev server's hot reload talks over a WebSocket of its own.
    "connect-src": ["'self'", ringside.url.origin, ...(production ? [] : ["ws:"])],
    // Chromium checks the redirect that answers a form as well: without the providers here, sign-in is blocked.
    "form-action": ["'self'", ...new Set(providers)],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
    "manifest-src": ["'self'"],
    ...(production && { "require-trusted-types-for": ["'script'"], "trusted-types": ["default"] }),
    ...(origin.protocol === "https:" && { "upgrade-insecure-requests": [] }),
  };
  return Object.entries(directives)
    .map(([name, values]) => [name, ...values].join(" "))
    .join("; ");
}
