/** The Express app around the Remix build: what every request passes through, from the outside in. */
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createRequestHandler, type ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { config } from "#app/config/config.server.ts";
import { log } from "#app/server/log.server.ts";
import { withRequestContext } from "#app/server/request-context.server.ts";
import { accessLog } from "./access-log.server.ts";
import { refusal } from "./refusal.server.ts";
import { refuse } from "./refuse.server.ts";
import { routePatterns } from "./route-pattern.server.ts";
import { securityHeaders } from "./security-headers.server.ts";
import { webHandler } from "./web-handler.server.ts";

export interface AppOptions {
  build: ServerBuild;
  /** Where the files for browsers are. */
  clientDir: URL;
  /** May refuse everything, see stop.server.ts. */
  gate: RequestHandler;
}

export function createApp({ build, clientDir, gate }: AppOptions): Express {
  const { origin, trustProxy } = config();
  const root = fileURLToPath(clientDir);
  const files = { index: false, redirect: false } as const;
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("trust proxy", trustProxy);

  const patternOf = routePatterns(build.routes);
  const remix = createRequestHandler(build, process.env["NODE_ENV"]);
  const handle = async (request: Request) => refusal(request, { patternOf, origin }) ?? remix(request);
  app.use(identify, accessLog(patternOf), gate, compression(), securityHeaders(origin));
  // Their names hold a hash of their content. A missing one is said to be missing now, not for a year.
  app.use("/assets", express.static(`${root}assets`, { ...files, immutable: true, maxAge: "1y" }), missing);
  app.use(express.static(root, { ...files, maxAge: "1h" }));
  app.use(neverCached);
  app.use(webHandler({ handle, origin }));
  app.use(failed);
  return app;
}

/** An id of our own for each request. One from outside would let a client write into our logs as somebody else. */
const identify: RequestHandler = (request, response, next) => {
  const id = randomUUID();
  response.setHeader("x-request-id", id);
  withRequestContext({ id, address: request.ip ?? "" }, next);
};

const missing: RequestHandler = (_request, response) => {
  response.status(404).set("cache-control", "no-store").type("text").send("There is no such file.\n");
};

/** Unless an answer says otherwise itself: pages differ by user, and a cache that kept one would show it to others. */
const neverCached: RequestHandler = (_request, response, next) => {
  response.setHeader("cache-control", "no-store");
  next();
};

const failed: ErrorRequestHandler = (error, request, response, next) => {
  // Express blames the client with a status of its own, e.g. for a path that cannot be decoded.
  const blamesClient = error?.status >= 400 && error?.status < 500;
  if (!blamesClient) log.error({ event: "request_failed", detail: error?.message, stack: error?.stack });
  if (response.headersSent) return response.destroy();
  refuse(request, response, blamesClient ? "bad_request" : "server_error").catch(next);
};
