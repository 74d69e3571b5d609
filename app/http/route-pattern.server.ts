/** Which route answers a path, as its pattern: what metrics can be counted by without naming anybody. */
import type { ServerBuild } from "@remix-run/node";

type Routes = Record<string, Pick<ServerBuild["routes"][string], "path" | "parentId">>;

/** @returns the pattern for a path, e.g. `/auth/:adapter`; `other` for an address without a route */
export function routePatterns(routes: Routes): (pathname: string) => string {
  const patterns = Object.keys(routes)
    .map((id) => fullPath(routes, id))
    // `/sign-in` before `/:anything`.
    .sort((one, other) => one.split(":").length - other.split(":").length);
  return (pathname) => {
    if (pathname.startsWith("/assets/")) return "/assets/*";
    // Navigations in the page ask for the data alone, at the page's address with a suffix.
    const path = pathname === "/_root.data" ? "/" : pathname.replace(/\.data$/, "");
    return patterns.find((pattern) => matches(pattern, path)) ?? "other";
  };
}

function fullPath(routes: Routes, id: string): string {
  const route = routes[id];
  const above = route?.parentId ? fullPath(routes, route.parentId) : "/";
  return route?.path ? `${above.replace(/\/$/, "")}/${route.path}` : above;
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const parts = path.split("/");
  return (
    wanted.length === parts.length &&
    wanted.every((part, index) => (part.startsWith(":") ? parts[index] !== "" : part === parts[index]))
  );
}
