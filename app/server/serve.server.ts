/** The life of the server process: start, bounds on what a client may do to it, graceful stop. */
import { createServer, type Server, type ServerOptions } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { ServerBuild } from "@remix-run/node";
import type { RequestHandler } from "express";
import { config } from "#app/config/config.server.ts";
import { createApp } from "./app.server.ts";
import { flushLog, log } from "./log.server.ts";
import { serveMetrics } from "./metrics.server.ts";
import { firstContact, redis } from "./redis.server.ts";
import { rejectUnreadable } from "./unreadable-request.server.ts";
import { VERSION } from "./version.server.ts";

/** Slowloris protection: bounds the time and size of a request's headers and body. */
const BOUNDS: ServerOptions = {
  maxHeaderSize: 16_384,
  headersTimeout: 8_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  requireHostHeader: false,
};
/** A client that reads nothing of a response for this long is disconnected. */
const STALLED_MS = 60_000;

/** Serves until a signal arrives. @param clientDir where the build's files for browsers are */
export async function serve(build: ServerBuild, clientDir: URL): Promise<void> {
  reportCrashes();
  const { host, port, metricsPort, origin, keepAliveSeconds, warnings } = config();
  log.info({ event: "starting", version: VERSION, node: process.version });
  for (const { variable, problem } of warnings)
    log.warn({ event: "configuration", variable, detail: `${variable} ${problem}` });
  const shared = redis();
  if (shared) await firstContact(shared);

  const shutdown = createShutdown();
  // Idle between two requests. The time for headers counts from a request's first byte, so it stays short.
  const bounds = { ...BOUNDS, keepAliveTimeout: keepAliveSeconds * 1_000 };
  const app = createApp({ build, clientDir, drain: shutdown.drain });
  const server = createServer(bounds, app);
  // Node answers an unknown Expect with a 417 of its own; RFC 9110 lets a server ignore it.
  server.on("checkExpectation", app);
  server.on("clientError", rejectUnreadable(origin));
  server.timeout = STALLED_MS;
  server.once("listening", () => log.info({ event: "listening", host, port, origin: origin.origin }));
  const at = host === null ? "" : `HOST ${host}, `;
  server.once("error", (error) => fail(`Cannot listen on ${at}PORT ${port}: ${error.message}`));
  server.listen({ port, ...(host && { host }) });
  if (metricsPort !== null)
    serveMetrics(metricsPort, host).once("error", (error) =>
      fail(`Cannot listen on ${at}METRICS_PORT ${metricsPort}: ${error.message}`),
    );

  // The listeners stay: npm and a supervisor may both pass a signal on, and a second one must not cut the first's drain.
  let ending = false;
  const end = async (notice: boolean) => {
    if (ending) return;
    ending = true;
    await shutdown.run(server, notice);
    shared?.disconnect();
    await flushLog();
    process.exit(0);
  };
  process.on("SIGTERM", () => end(true));
  process.on("SIGINT", () => end(false));
}

/** Node's own report would bypass the log, and the removal of secrets in it. */
function reportCrashes(): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const)
    process.once(event, (error: unknown) => {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      log.fatal({ event: "crashed", detail: message, stack });
      void flushLog().then(() => process.exit(1));
    });
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Balancers probe about once a second. */
const NOTICE_MS = 2_000;
/** From the signal on; orchestrators kill after 10 s. */
const DEADLINE_MS = 9_000;

/**
 * Graceful stop, in three steps. First `/readyz` fails while everything else is still served, so that a balancer
 * takes this process out of rotation before a connection is refused. Then the port closes, which makes every proxy
 * choose another process. Then the requests in flight are finished, and each response closes its connection.
 */
function createShutdown() {
  let stopping = false;
  let inFlight = 0;
  let onIdle = () => {};

  const drain: RequestHandler = (request, response, next) => {
    inFlight += 1;
    response.once("close", () => {
      inFlight -= 1;
      if (inFlight === 0) onIdle();
    });
    if (!stopping) return next();
    response.setHeader("connection", "close");
    if (request.path !== "/readyz") return next();
    response.status(503).set("cache-control", "no-store").type("text").send("stopping\n");
  };

  /**
   * Resolves when every response has been sent, or the deadline has passed.
   * @param notice false skips the first step, for a person at a terminal
   */
  async function run(server: Server, notice: boolean): Promise<void> {
    log.info({ event: "stopping", inside: inFlight });
    const deadline = pause(DEADLINE_MS);
    stopping = true;
    if (notice) await pause(NOTICE_MS);
    server.close();
    const idle = new Promise<void>((resolve) => {
      onIdle = resolve;
      if (inFlight === 0) resolve();
    });
    await Promise.race([idle, deadline]);
    log.info({ event: "stopped", cut_off: inFlight });
    // Idle connections, and those that never sent a request.
    server.closeAllConnections();
  }

  return { drain, run };
}
