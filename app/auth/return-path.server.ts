/** Where to go after signing in: a page of this app, whatever the link said. */
import { config } from "#app/config/config.server.ts";
import { decodePath } from "#app/server/guard.server.ts";
import { EMBED_PATH, embedding } from "#app/server/security-headers.server.ts";

const HOME = "/dashboard";
const MAX_LENGTH = 512;

/**
 * All there is to come back to. What is not here is no page (an address of the API, a page's data, a probe), or would
 * loop, or do something the person did not ask for; and a list of those would always lack one.
 */
const pages = () => ["/", HOME, ...(embedding() ? [EMBED_PATH, `${EMBED_PATH}/hand-over`] : [])];

/**
 * A page with query and hash; `/dashboard` for anything else.
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
  if (url.origin !== origin) return HOME;
  const page = pageAt(url.pathname);
  // A page with `_data` is no page to Remix, and refused (guard.server.ts).
  if (page === undefined || url.searchParams.has("_data")) return HOME;
  const path = page + url.search + url.hash;
  // Measured as it will be stored: percent-encoding makes nine characters of one, and a cookie holds no more than 4 KB.
  return path.length > MAX_LENGTH ? HOME : path;
}

/** As the router would find it (`/Dashboard/`, `/%64ashboard`), but in our own spelling. */
function pageAt(pathname: string): string | undefined {
  const asked = decodePath(pathname)?.toLowerCase();
  return pages().find((page) => asked === page || (page !== "/" && asked === `${page}/`));
}
