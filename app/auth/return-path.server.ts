/** Where to go after signing in: a path of this app, whatever the link said. */
import { config } from "#app/config.server.ts";

const HOME = "/dashboard";
const MAX_LENGTH = 512;

/**
 * A safe path with query and hash; `/dashboard` for anything else.
 * Comparing origins after parsing, instead of looking at prefixes, settles `//evil`, `/\evil` and `/<TAB>/evil`
 * alike, because the URL parser is the one that browsers use.
 */
export function safeReturnPath(value: unknown): string {
  if (typeof value !== "string" || !value.startsWith("/")) return HOME;
  // Control characters and backslashes are rewritten by URL parsers, so no two readers agree on them.
  if (/[\p{Cc}\\]/u.test(value)) return HOME;
  const { origin } = config().origin;
  if (!URL.canParse(value, origin)) return HOME;
  const url = new URL(value, origin);
  if (url.origin !== origin || url.pathname.startsWith("//")) return HOME;
  // Returning into a sign-in, sign-out or API address would loop or do something the person did not ask for.
  if (/^\/(auth|api|sign-in|sign-out)(\/|$)/i.test(url.pathname)) return HOME;
  const path = url.pathname + url.search + url.hash;
  // Measured as it will be kept: percent-encoding makes nine characters of one, and a cookie holds no more than 4 KB.
  return path.length > MAX_LENGTH ? HOME : path;
}
