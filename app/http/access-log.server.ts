/** One line per request. Paths only: a callback's query holds the code and the state. */
import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import { log } from "#app/log.server.ts";

export const accessLog: RequestHandler = (request, response, next) => {
  const id = randomUUID();
  const started = performance.now();
  response.setHeader("x-request-id", id);
  response.on("close", () => {
    log.info({
      event: "request",
      id,
      method: request.method,
      path: request.path,
      status: response.writableEnded ? response.statusCode : 499,
      ms: Math.round(performance.now() - started),
      address: request.ip,
    });
  });
  next();
};
