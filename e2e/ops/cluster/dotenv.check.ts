/** Whose `.env` a server reads: its operator's in production, nobody's in the demo. */
import { rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { start } from "./program.ts";
import { directoryFor, portAt, startApp } from "./stack.ts";

const PORT = portAt(7);
const directory = directoryFor("dotenv");

beforeAll(() => {
  // A Redis that is not there, and a level that stops any boot that reads it.
  writeFileSync(join(directory, ".env"), "REDIS_URL=redis://127.0.0.1:1\nLOG_LEVEL=from-dotenv\n");
});
afterAll(() => rmSync(directory, { recursive: true }));

it("the demo leaves a .env alone", async () => {
  const demo = await startApp(PORT, `http://localhost:${PORT}`, {}, directory);
  await demo.kill();
  expect(demo.output()).not.toContain("redis_away");
});

it("production reads it", async () => {
  const server = start({
    command: process.execPath,
    args: [resolve("build/server.js")],
    cwd: directory,
    ready: async () => false,
  });
  await expect(server).rejects.toThrow(/LOG_LEVEL is one of/);
});
