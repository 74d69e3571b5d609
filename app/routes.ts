import { index, type RouteConfig, route } from "@remix-run/route-config";

/**
 * Every address this app answers. Names and answers: docs/reference.md. Each
 * module says which methods it takes, and a page that people come back to after signing in in auth/return-path.server.ts.
 */
export default [
  index("routes/_index.ts"),
  route("sign-in", "routes/sign-in.tsx"),
  route("sign-out", "routes/sign-out.ts"),
  route("auth/:adapter", "routes/auth.$adapter.ts"),
  route("auth/:adapter/callback", "routes/auth.$adapter.callback.ts"),
  route("dashboard", "routes/dashboard.tsx"),
  route("embed", "routes/embed.tsx"),
  route("embed/hand-over", "routes/embed.hand-over.tsx"),
  route("embed/session", "routes/embed.session.ts"),
  route("api/mint-client-token", "routes/api.mint-client-token.ts"),
  route("healthz", "routes/healthz.ts"),
  route("readyz", "routes/readyz.ts"),
] satisfies RouteConfig;
