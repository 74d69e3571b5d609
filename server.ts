/** The production server: settles the environment, then lets the Remix build beside it serve itself. */
import { existsSync } from "node:fs";

// Before anything is imported: React, Express and Remix choose their build by it when they are loaded. Whatever the
// environment says: another value would show stacks to browsers, and nothing else of this app depends on it.
process.env["NODE_ENV"] = "production";
// The demo is the same on every machine: a .env belongs to a deployment, whose Redis and ports it must not use.
if (process.env["MOCKS"] !== "demo" && existsSync(".env")) process.loadEnvFile(".env");

const entry = new URL("server/index.js", import.meta.url);
if (existsSync(entry)) await serve();
else fail("There is no build. Run: npm run build");

async function serve(): Promise<void> {
  try {
    const build = await import(entry.href);
    // The server is part of the build (entry.server.tsx), so that there is one configuration, one log and one Redis.
    await build.entry.module.serve(build, new URL("client/", import.meta.url));
  } catch (error) {
    if (!(error instanceof Error && error.name === "ConfigError")) throw error;
    fail(error.message);
  }
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
