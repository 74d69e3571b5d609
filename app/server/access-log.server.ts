/** One line and one measurement per request. Paths only: a callback's query holds the code and the state. */
import type { RequestHandler } from "express";
import { log } from "#app/server/log.server.ts";
import { httpRequests } from "#app/server/metrics.server.ts";
import { requestContext } from "#app/server/request-context.server.ts";

/** A path is the client's own words: enough of it to see what was asked for, and no more. */
const MAX_PATH = 200;

/** A client that left before the end of its answer, as nginx counts it. */
const CLIENT_LEFT = 499;

/** @param patternOf the route that answers a path */
export function accessLog(patternOf: (path: string) => string): RequestHandler {
  return (request, response, next) => {
    const { method, path, ip } = request;
    const started = performance.now();
    // Taken now: when the answer ends, nobody knows any more which request it was for.
    const id = requestContext()?.id;
    response.on("close", () => {
      const ms = performance.now() - started;
      const status = response.writableFinished ? response.statusCode : CLIENT_LEFT;
      httpRequests.observe({ method, route: patternOf(path), status }, ms / 1000);
      log.info({
        event: "request",
        request: id,
        method,
        path: path.slice(0, MAX_PATH),
        status,
        ms: Math.round(ms),
        address: ip,
      });
    });
    next();
  };
}
