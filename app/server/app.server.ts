/** The Express app around the Remix build: what every request passes through, from the outside in. */
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createRequestHandler, type ServerBuild } from "@remix-run/node";
import compression from "compression";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { config } from "#app/config/config.server.ts";
import { clientAddress } from "./client-address.server.ts";
import { type MatchedRoute, rejectUnsupported, routeTable, targetProblem } from "./guard.server.ts";
import { log, requestContext, withRequestContext } from "./log.server.ts";
import { httpRequests } from "./metrics.server.ts";
import { securityHeaders } from "./security-headers.server.ts";
import { sendProblem, webHandler } from "./web-handler.server.ts";

export interface AppOptions {
  build: ServerBuild;
  /** Where the files for browsers are; null behind the dev server, which serves them itself. */
  clientDir: URL | null;
  /** Rejects requests while the process stops, see serve.server.ts. */
  drain?: RequestHandler;
}

export function createApp({ build, clientDir, drain }: AppOptions): Express {
  const { origin } = config();
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  // Remix reads the query itself.
  app.disable("query parser");

  const routeOf = routeTable(build.routes);
  // In any other mode Remix sends the stack of an error to the browser.
  const remix = createRequestHandler(build, "production");
  const handle = async (request: Request) => rejectUnsupported(request, routeOf) ?? remix(request);
  app.use(identify, accessLog(routeOf), securityHeaders(origin));
  if (drain) app.use(drain);
  app.use(compression(), checkTarget);
  if (clientDir) {
    const root = fileURLToPath(clientDir);
    const files = { index: false, redirect: false } as const;
    // Their names hold a hash of their content. A missing one may exist a moment later.
    app.use(
      "/assets",
      express.static(`${root}assets`, { ...files, immutable: true, maxAge: "1y" }),
      missingFile,
    );
    app.use(express.static(root, { ...files, maxAge: "1h" }));
  }
  app.use(noStore, webHandler({ handle, origin }), failed);
  return app;
}

/** A new id for each request. One from outside would let a client write into our logs under another request's id. */
const identify: RequestHandler = (request, response, next) => {
  const id = randomUUID();
  response.setHeader("x-request-id", id);
  const address = clientAddress(
    request.socket.remoteAddress,
    request.headers["x-forwarded-for"],
    config().trustProxy,
  );
  withRequestContext({ id, address }, next);
};

/** A path is chosen by the client: the log holds enough of it to see what was asked for. */
const MAX_LOGGED_PATH = 200;

/** The status nginx logs for a client that left before the end of the response. */
const CLIENT_CLOSED_REQUEST = 499;

/** One log line and one measurement per request. Paths only: a callback's query holds the code and the state. */
function accessLog(routeOf: (path: string) => MatchedRoute): RequestHandler {
  return (request, response, next) => {
    const { method } = request;
    const [path = ""] = request.originalUrl.split("?", 1);
    const started = performance.now();
    // Read now: the "close" event fires outside of the request's context.
    const context = requestContext();
    response.on("close", () => {
      const ms = performance.now() - started;
      const status = response.writableFinished ? response.statusCode : CLIENT_CLOSED_REQUEST;
      httpRequests.observe({ method, route: routeOf(path).pattern, status }, ms / 1000);
      log.info({
        event: "request",
        request: context?.id,
        method,
        path: path.slice(0, MAX_LOGGED_PATH),
        status,
        ms: Math.round(ms),
        address: context?.address,
      });
    });
    next();
  };
}

const checkTarget: RequestHandler = (request, response, next) => {
  // Node's own answer to a missing Host has no security headers and no log line, so serve.server.ts turns it off.
  const lacksHost = request.httpVersion === "1.1" && !request.headers.host;
  if (lacksHost) response.setHeader("connection", "close");
  const code = lacksHost ? "bad_request" : targetProblem(request.url);
  if (!code) return next();
  sendProblem(request, response, code).catch(next);
};

const missingFile: RequestHandler = (_request, response) => {
  response.status(404).set("cache-control", "no-store").type("text").send("There is no such file.\n");
};

/** Unless a response says otherwise: pages differ by user, and a shared cache would show one user's to another. */
const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader("cache-control", "no-store");
  next();
};

const failed: ErrorRequestHandler = (error, request, response, next) => {
  // Express gives an error of the client's a status of its own.
  const isClientError = error?.status >= 400 && error?.status < 500;
  if (!isClientError) log.error({ event: "request_failed", detail: error?.message, stack: error?.stack });
  if (response.headersSent) return response.destroy();
  sendProblem(request, response, isClientError ? "bad_request" : "server_error").catch(next);
};
