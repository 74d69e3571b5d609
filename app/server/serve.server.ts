/** The life of the server process: boot, limits on what a client may do to it, stop. */
import { createServer, type ServerOptions } from "node:http";
import type { ServerBuild } from "@remix-run/node";
import { config } from "#app/config/config.server.ts";
import { log } from "#app/server/log.server.ts";
import { firstContact, redis } from "#app/server/redis.server.ts";
import { createApp } from "./app.server.ts";
import { serveMetrics } from "./metrics-endpoint.server.ts";
import { createStop } from "./stop.server.ts";

/** Whoever sends a request slowly, or too much of one, holds a socket for seconds and not for hours. */
const BOUNDS: ServerOptions = {
  maxHeaderSize: 16_384,
  headersTimeout: 8_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  // Longer than any proxy's: one that reuses a connection as we close it reports an error to its client.
  keepAliveTimeout: 75_000,
};
/** A reader that takes nothing for this long is gone. */
const STALLED_MS = 60_000;

/** Serves until a signal comes. @param clientDir where the build's files for browsers are */
export async function serve(build: ServerBuild, clientDir: URL): Promise<void> {
  reportCrashes();
  const { port, metricsPort, origin } = config();
  const shared = redis();
  if (shared) await firstContact(shared);

  const stop = createStop();
  const server = createServer(BOUNDS, createApp({ build, clientDir, gate: stop.gate }));
  server.timeout = STALLED_MS;
  server.once("listening", () => log.info({ event: "listening", port, origin: origin.origin }));
  server.once("error", (error) => fail(`Cannot listen on PORT ${port}: ${error.message}`));
  server.listen(port);
  if (metricsPort !== null)
    serveMetrics(metricsPort).once("error", (error) =>
      fail(`Cannot listen on METRICS_PORT ${metricsPort}: ${error.message}`),
    );

  const end = async (notice: boolean) => {
    await stop.run(server, notice);
    shared?.disconnect();
    process.exit(0);
  };
  process.once("SIGTERM", () => end(true));
  process.once("SIGINT", () => end(false));
}

/** Node's own report would go around the log, and around what keeps secrets out of it. */
function reportCrashes(): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const)
    process.once(event, (error: unknown) => {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      log.fatal({ event: "crashed", detail: message, stack });
      process.exit(1);
    });
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
