/**
 * Which route answers a path, as its pattern: what metrics can be counted by without naming anybody, and what says which
 * methods an address takes. Found by the router's own rules: to it `/Sign-Out/` and `/%73ign-out` are `/sign-out` too.
 */
import type { ServerBuild } from "@remix-run/node";
import { matchRoutes } from "@remix-run/react";

type Routes = Record<string, Pick<ServerBuild["routes"][string], "path" | "parentId" | "index">>;

/** @returns the pattern for a path, e.g. `/auth/:adapter`; `other` for an address without a route */
export function routePatterns(routes: Routes): (pathname: string) => string {
  const tree = below(routes);
  return (pathname) => {
    if (pathname.startsWith("/assets/")) return "/assets/*";
    // Navigations in the page ask for the data alone, at the page's address with a suffix.
    const path = pathname === "/_root.data" ? "/" : pathname.replace(/\.data$/, "");
    // The router would match it as it stands, and write a line of its own between our log's.
    const matches = isDecodable(path) ? matchRoutes(tree, path) : null;
    if (!matches) return "other";
    return `/${matches.flatMap(({ route }) => route.path || []).join("/")}`;
  };
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function below(routes: Routes, parent?: string): Parameters<typeof matchRoutes>[0] {
  return Object.entries(routes)
    .filter(([, { parentId }]) => parentId === parent)
    .map(([id, { path, index }]) =>
      index ? { index, ...(path && { path }) } : { ...(path && { path }), children: below(routes, id) },
    );
}
