/** `npm run demo`: builds, starts the mocks with simulated traffic, serves the production build against them. */
import { randomBytes } from "node:crypto";
import { mockEnvironment } from "./environment.ts";
import { orEnd, runToEnd, serveUntilStopped } from "./processes.ts";
import { startMocks } from "./start-all.ts";

const origin = `http://localhost:${process.env["PORT"] ?? 3000}`;
const mocked = { appOrigin: origin, firstPort: 4010 };

const mocks = await orEnd(startMocks(mocked));
console.log("Building …");
await runToEnd("npm", ["run", "--silent", "build"], { ...process.env, NODE_ENV: "production" });

await serveUntilStopped({
  command: process.execPath,
  args: ["build/server.js"],
  env: {
    ...mockEnvironment(mocked),
    MOCKS: "demo",
    NODE_ENV: "production",
    // New at each start: nobody's session outlives the demo.
    SESSION_SECRET: randomBytes(32).toString("base64"),
    LOG_LEVEL: process.env["LOG_LEVEL"] ?? "warn",
  },
  readyUrl: `${origin}/readyz`,
  onReady: () =>
    console.log(
      `\n  The dashboard: ${origin}\n  Pick a persona; everything runs on this machine. Ctrl-C stops it.\n`,
    ),
  onStop: mocks.close,
});
