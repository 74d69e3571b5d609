/** Prometheus reads on a port of its own, which no proxy publishes. Off unless METRICS_PORT is set. */
import { createServer, type Server } from "node:http";
import { collectDefaultMetrics } from "prom-client";
import { registry } from "#app/server/metrics.server.ts";

/** Begins to listen; `GET /metrics` and nothing else is answered. */
export function serveMetrics(port: number): Server {
  collectDefaultMetrics({ register: registry });
  const server = createServer(async (request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("content-type", registry.contentType);
    response.end(await registry.metrics());
  });
  return server.listen(port);
}
