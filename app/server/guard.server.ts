/**
 * Rejects what no page of ours sends before Remix sees it. Remix answers an unexpected request with a 500 and an error
 * in the log, which any site on the web could fill; it runs an action for every method but GET, and its matching of
 * paths has no bound. Each route says what it takes (`handle`), and this file is the one place that enforces it.
 */
import { matchRoutes } from "@remix-run/react";
import { LRUCache } from "lru-cache";
import { config } from "#app/config/config.server.ts";
import { type ProblemCode, problemFor } from "./problem.server.ts";

/** What every route module with an address exports as `handle`. */
export interface RouteHandle {
  /** Without HEAD, a mail scanner that looks at a link cannot use up what the link holds. */
  methods: readonly ("GET" | "HEAD" | "POST")[];
}

/** What answers a path. */
export interface MatchedRoute {
  /** E.g. `/auth/:adapter`; `other` without a route. Metrics are counted by it, as it identifies no person. */
  pattern: string;
  methods: readonly string[];
  /** A route that takes POST may have a loader as well: what a GET of that address shows. */
  hasLoader: boolean;
}

interface Route {
  path?: string | undefined;
  index?: boolean | undefined;
  parentId?: string | undefined;
  module?: { handle?: unknown; loader?: unknown };
}

const NO_ROUTE: MatchedRoute = { pattern: "other", methods: [], hasLoader: false };
const ASSET: MatchedRoute = { ...NO_ROUTE, pattern: "/assets/*" };

/**
 * Finds a path's route by the router's own rules: to it `/Sign-Out/` and `/%73ign-out` are `/sign-out` too.
 * @throws Error when a route does not say which methods it takes
 */
export function routeTable(routes: Record<string, Route>): (pathname: string) => MatchedRoute {
  const tree = below(routes);
  const leaves = new Map(
    Object.entries(routes)
      .filter(([, { path, index }]) => path || index)
      .map(([id, route]) => [
        id,
        { methods: methodsOf(id, route), hasLoader: Boolean(route.module?.loader) },
      ]),
  );
  // Every request asks twice, and the router ranks all routes anew at each call.
  const known = new LRUCache<string, MatchedRoute>({ max: 500, memoMethod: (pathname) => find(pathname) });
  return (pathname) => {
    if (pathname.startsWith("/assets/")) return ASSET;
    return pathProblem(pathname) ? NO_ROUTE : known.memo(pathname);
  };

  function find(pathname: string): MatchedRoute {
    // Navigations in the page ask for the data alone, at the page's address with a suffix.
    const path = pathname === "/_root.data" ? "/" : pathname.replace(/\.data$/, "");
    const matches = matchRoutes(tree, path) ?? [];
    const leaf = leaves.get(matches.at(-1)?.route.id ?? "");
    if (!leaf) return NO_ROUTE;
    return { ...leaf, pattern: `/${matches.flatMap(({ route }) => route.path || []).join("/")}` };
  }
}

function below(routes: Record<string, Route>, parent?: string): Parameters<typeof matchRoutes>[0] {
  return Object.entries(routes)
    .filter(([, { parentId }]) => parentId === parent)
    .map(([id, { path, index }]) =>
      index
        ? { id, index, ...(path && { path }) }
        : { id, ...(path && { path }), children: below(routes, id) },
    );
}

function methodsOf(id: string, { module }: Route): readonly string[] {
  const handle = module?.handle as Partial<RouteHandle> | undefined;
  if (!handle?.methods) throw new Error(`${id} must export a handle that says which methods it takes`);
  return handle.methods;
}

/** The longest address of ours is `/auth/<adapter>/callback`. */
const MAX_PATH_LENGTH = 1_024;
const MAX_SEGMENTS = 16;
const MAX_QUERY_PARAMETERS = 100;
/** The links of a page repeat its query, so that a long one costs many times its length. Providers send longer ones. */
const MAX_PAGE_QUERY_LENGTH = 2_048;
const CALLBACK = /^\/auth\/[^/]+\/callback(\.data)?$/;

/** A path without its percent-encoding; null for what cannot be decoded, e.g. `/%zz`. */
export function decodePath(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}

/** Why a path is not even looked up; null when it may be. Its spellings are those that two parsers read differently. */
function pathProblem(pathname: string): ProblemCode | null {
  if (pathname.length > MAX_PATH_LENGTH) return "uri_too_long";
  const path = decodePath(pathname);
  if (path === null || !path.startsWith("/") || /\p{Cc}|\/\.{1,2}(\/|$)/u.test(path)) return "bad_request";
  if (/%2f|%5c/i.test(pathname) || /\/\/|\\/.test(path)) return "not_found";
  return path.split("/").length - 1 > MAX_SEGMENTS ? "not_found" : null;
}

/** Why the target of a request is rejected, whatever its method is. @param target as it came, with its query */
export function targetProblem(target: string): ProblemCode | null {
  const [pathname = "", query = ""] = target.split(/\?(.*)/s);
  // Remix copies the query parameter by parameter, which takes quadratic time.
  if (query.split("&").length > MAX_QUERY_PARAMETERS) return "bad_request";
  if (query.length > MAX_PAGE_QUERY_LENGTH && !CALLBACK.test(pathname)) return "uri_too_long";
  return pathProblem(pathname);
}

/** A problem (a page for people), or null for what may go on to Remix. */
export function rejectUnsupported(
  request: Request,
  routeOf: (pathname: string) => MatchedRoute,
): Response | null {
  const { method, url } = request;
  const { pathname, searchParams } = new URL(url);
  // How Remix was asked for data before Single Fetch: no page of ours does, and Remix logs each as an error.
  if (searchParams.has("_data")) return problemFor(request, "bad_request");
  const { pattern, methods, hasLoader } = routeOf(pathname);
  const isData = pathname.endsWith(".data");
  const takes = isTaken(method, methods, hasLoader);

  if (takes && method === "POST") {
    // At `.data` Remix compares the Origin itself, and throws over "null".
    const trusted = isSameOrigin(request) && !(isData && isForeign(request));
    return trusted ? null : problemFor(request, "bad_origin");
  }
  // To Remix every request for `.data` but a GET writes: a HEAD, and the OPTIONS of a browser's preflight.
  const reads = isData ? ["GET"] : ["GET", "HEAD", "OPTIONS"];
  if (!reads.includes(method) && isForeign(request)) return problemFor(request, "bad_origin");
  if (pattern === "other" || takes) return null;
  return problemFor(request, "method_not_allowed", { allow: methods.join(", ") });
}

function isTaken(method: string, methods: readonly string[], hasLoader: boolean): boolean {
  if (methods.includes(method)) return true;
  return methods.includes("POST") && hasLoader && (method === "GET" || method === "HEAD");
}

/**
 * Whether a page of this very origin sent the request: the CSRF check of every POST. `same-site` is a no, as another
 * subdomain is another site's page; a missing Origin is a no, as every browser sends one on POST.
 */
export function isSameOrigin({ headers }: Request): boolean {
  const origin = headers.get("origin");
  const site = headers.get("sec-fetch-site");
  // A proxy that sets `Referrer-Policy: no-referrer` turns the Origin of our own forms into "null". No script can set
  // Sec-Fetch-Site, and a sandboxed frame or a redirect through another site, whose Origin is "null" too, is cross-site.
  if (origin === "null") return site === "same-origin";
  return origin === config().origin.origin && (site === null || site === "same-origin");
}

/** Without the header no page sent it: browsers put one on every write. */
function isForeign({ headers }: Request): boolean {
  const origin = headers.get("origin");
  return origin !== null && origin !== config().origin.origin;
}
