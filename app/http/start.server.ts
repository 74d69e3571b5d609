/** Boot and graceful stop. */
import type { Server } from "node:http";
import type { ServerBuild } from "@remix-run/node";
import { ConfigError, config } from "#app/config.server.ts";
import { log } from "#app/log.server.ts";
import { createApp } from "./app.server.ts";

/** In-flight requests get this long to finish after SIGTERM. */
const STOP_MS = 10_000;

/** @param buildDir where `server/index.js` and `client/` of the Remix build are */
export async function start(buildDir: URL): Promise<void> {
  try {
    const { port } = config();
    const build: ServerBuild = await import(/* @vite-ignore */ new URL("server/index.js", buildDir).href);
    const server = createApp(build, new URL("client/", buildDir)).listen(port);
    server.on("listening", () => log.info({ event: "listening", port, origin: config().origin.origin }));
    server.on("error", (error) => fail(`Cannot listen on PORT ${port}: ${error.message}`));
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop(server));
  } catch (error) {
    if (error instanceof ConfigError) return fail(error.message);
    throw error;
  }
}

function stop(server: Server): void {
  log.info({ event: "stopping" });
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), STOP_MS).unref();
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
