/**
 * `GET /readyz`: configured, every adapter connected, and sessions can be written. Ringside's state is not ours: its
 * outage must not take this app, which can say so, out of rotation. stop.server.ts answers it while we stop.
 */
import { connections } from "#app/auth/connections.server.ts";
import { sessionStore } from "#app/auth/session.server.ts";
import type { RouteHandle } from "#app/server/guard.server.ts";
import { log } from "#app/server/log.server.ts";
import { causeOf } from "#app/server/redis-connection.ts";

export const handle = { methods: ["GET", "HEAD"] } satisfies RouteHandle;

export async function loader() {
  try {
    await Promise.all([connections(), sessionStore().check()]);
    return new Response("ready\n", { headers: { "cache-control": "no-store" } });
  } catch (error) {
    const { message, cause } = error instanceof Error ? error : new Error("unknown");
    log.error({ event: "not_ready", detail: message, ...(cause !== undefined && { cause: causeOf(cause) }) });
    return new Response("not ready\n", { status: 503, headers: { "cache-control": "no-store" } });
  }
}
