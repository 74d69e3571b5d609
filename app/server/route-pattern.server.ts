/**
 * Which route answers a path, as its pattern: what metrics can be counted by without naming anybody, and what says which
 * methods an address takes. Found by the router's own rules: to it `/Sign-Out/` and `/%73ign-out` are `/sign-out` too.
 */
import type { ServerBuild } from "@remix-run/node";
import { matchRoutes } from "@remix-run/react";
import { LRUCache } from "lru-cache";
import { decoded } from "./decoded.server.ts";

type Routes = Record<string, Pick<ServerBuild["routes"][string], "path" | "parentId" | "index">>;

/** @returns the pattern for a path, e.g. `/auth/:adapter`; `other` for an address without a route */
export function routePatterns(routes: Routes): (pathname: string) => string {
  const tree = below(routes);
  // Every request asks twice, and the router ranks all routes anew at each call.
  const known = new LRUCache<string, string>({ max: 500, memoMethod: (pathname) => find(pathname) });
  return (pathname) => (pathname.startsWith("/assets/") ? "/assets/*" : known.memo(pathname));

  function find(pathname: string): string {
    // Navigations in the page ask for the data alone, at the page's address with a suffix.
    const path = pathname === "/_root.data" ? "/" : pathname.replace(/\.data$/, "");
    // The router would match it as it stands, and write a line of its own between our log's.
    const matches = decoded(path) === null ? null : matchRoutes(tree, path);
    return matches ? `/${matches.flatMap(({ route }) => route.path || []).join("/")}` : "other";
  }
}

function below(routes: Routes, parent?: string): Parameters<typeof matchRoutes>[0] {
  return Object.entries(routes)
    .filter(([, { parentId }]) => parentId === parent)
    .map(([id, { path, index }]) =>
      index ? { index, ...(path && { path }) } : { ...(path && { path }), children: below(routes, id) },
    );
}
