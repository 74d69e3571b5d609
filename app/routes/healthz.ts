/** `GET /healthz`: the process is alive, in this version: `ok 1.0.0`. */
import type { RouteHandle } from "#app/server/guard.server.ts";
import { VERSION } from "#app/server/version.server.ts";

export const handle = { methods: ["GET", "HEAD"] } satisfies RouteHandle;

export const loader = () => new Response(`ok ${VERSION}\n`, { headers: { "cache-control": "no-store" } });
