/**
 * What never reaches Remix. It answers requests it did not expect with a 500 and a line in the error log, which any page
 * on the web could fill; it runs an action for every method but GET; and its 405s are no problems and name no method.
 */
import { problem } from "./problem.server.ts";

/** What an address is for; all others are pages. Looking at one that takes POST is left to its route. */
const ALLOW: Record<string, string> = {
  "/auth/:adapter": "POST",
  "/sign-out": "POST",
  "/embed/session": "POST",
  "/api/mint-client-token": "POST",
  // A mail scanner's HEAD would use up the code, and leave the person with nothing.
  "/auth/:adapter/callback": "GET",
};
const PAGE = "GET, HEAD";

const SAFE = ["GET", "HEAD", "OPTIONS"];

export interface RefusalOptions {
  /** Which route answers a path, see route-pattern.server.ts. */
  patternOf: (pathname: string) => string;
  origin: URL;
}

/** A problem, or null for what may go on. */
export function refusal(request: Request, { patternOf, origin }: RefusalOptions): Response | null {
  const { pathname, searchParams } = new URL(request.url);
  // How Remix was asked for data before Single Fetch: no page of ours does, and Remix logs each that comes as an error.
  if (searchParams.has("_data")) return problem("bad_request");
  const pattern = patternOf(pathname);
  const allow = ALLOW[pattern] ?? PAGE;

  // Remix would throw over it. At their own address, routes that take POST have a stricter wall (same-origin.server.ts).
  const isData = pathname.endsWith(".data");
  const walled = request.method === "POST" && allow === "POST" && !isData;
  // To Remix, whatever asks for `.data` without a GET writes: a HEAD, and the OPTIONS of a browser's preflight.
  const reads = isData ? ["GET"] : SAFE;
  if (!walled && !reads.includes(request.method) && isForeign(request, origin)) return problem("bad_origin");

  if (pattern === "other" || takes(allow, request.method)) return null;
  return problem("method_not_allowed", { allow });
}

/** Without the header no page sent it: browsers put one on every write. */
function isForeign({ headers }: Request, { origin }: URL): boolean {
  const from = headers.get("origin");
  return from !== null && from !== origin;
}

const takes = (allow: string, method: string): boolean =>
  method === "GET" || method === allow || (method === "HEAD" && allow !== "GET");
