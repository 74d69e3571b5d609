/** `GET /healthz`: the process is alive. */
import type { RouteHandle } from "#app/server/guard.server.ts";

export const handle = { methods: ["GET", "HEAD"] } satisfies RouteHandle;

export const loader = () => new Response("ok\n", { headers: { "cache-control": "no-store" } });
