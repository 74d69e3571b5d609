/** The production server: settles the environment, then lets the Remix build beside it serve itself. */
import { existsSync } from "node:fs";

// Before anything is imported: React and Express choose their build by NODE_ENV when they are loaded.
process.env["NODE_ENV"] ??= "production";
// The demo is the same on every machine: a .env is somebody's deployment, whose Redis and ports it has to leave alone.
if (process.env["MOCKS"] !== "demo" && existsSync(".env")) process.loadEnvFile(".env");

try {
  const build = await import(new URL("server/index.js", import.meta.url).href);
  // The server is part of the build (entry.server.tsx), so that there is one configuration, one log and one Redis.
  await build.entry.module.serve(build, new URL("client/", import.meta.url));
} catch (error) {
  if (!(error instanceof Error && error.name === "ConfigError")) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
