/** `GET /readyz`: configured, and every adapter connected. Ringside's state is not ours: its outage must not
 * take this app, which can say so, out of rotation. */
import { connections } from "#app/auth/connections.server.ts";
import { log } from "#app/log.server.ts";

export async function loader() {
  try {
    await connections();
    return new Response("ready\n", { headers: { "cache-control": "no-store" } });
  } catch (error) {
    log.error({ event: "not_ready", detail: error instanceof Error ? error.message : "unknown" });
    return new Response("not ready\n", { status: 503, headers: { "cache-control": "no-store" } });
  }
}
