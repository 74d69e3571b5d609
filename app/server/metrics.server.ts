/** What Prometheus may know. Labels are codes and patterns from fixed sets: never a person, a token or a path. */
import { createServer, type Server } from "node:http";
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

/** Our own, not prom-client's global one: the dev server loads this file again whenever it changes. */
const registry = new Registry();
const registers = [registry];
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** `outcome`: `ok`, or the code of the problem that was answered. */
export const mints = new Counter({
  name: "usage_dashboard_mints_total",
  help: "Client Tokens asked for, by outcome.",
  labelNames: ["outcome"],
  registers,
});

/** `outcome`: `started`, `signed_in`, or the code of why not. */
export const signIns = new Counter({
  name: "usage_dashboard_sign_ins_total",
  help: "Steps of signing in, by adapter and outcome.",
  labelNames: ["adapter", "outcome"],
  registers,
});

/** `code`: the status Ringside answered with, or `timeout`, or `network`. */
export const ringsideCalls = new Histogram({
  name: "usage_dashboard_ringside_request_duration_seconds",
  help: "Calls to Ringside until the end of the answer, by call and by what came of it.",
  labelNames: ["call", "code"],
  buckets,
  registers,
});

/** `route`: the pattern, e.g. `/auth/:adapter`. */
export const httpRequests = new Histogram({
  name: "usage_dashboard_http_request_duration_seconds",
  help: "Requests to this app until the end of the answer.",
  labelNames: ["method", "route", "status"],
  buckets,
  registers,
});

/** Listens on a port of its own, which no proxy publishes; answers `GET /metrics` and nothing else. */
export function serveMetrics(port: number, host: string | null): Server {
  collectDefaultMetrics({ register: registry });
  const server = createServer(async (request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("content-type", registry.contentType);
    response.end(await registry.metrics());
  });
  return server.listen({ port, ...(host && { host }) });
}
