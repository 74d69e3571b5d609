/** `npm run demo`: builds, starts the mocks with simulated traffic, serves the production build against them. */
import { randomBytes } from "node:crypto";
import { mockEnvironment, startMocks } from "./environment.ts";
import {
  assertPortFree,
  exitOnError,
  firstMockPort,
  npm,
  portFrom,
  runToEnd,
  serveUntilStopped,
} from "./launch.ts";

async function prepare() {
  const port = portFrom("PORT", 3000);
  await assertPortFree("PORT", port);
  const mocked = { appOrigin: `http://localhost:${port}`, firstPort: await firstMockPort() };
  return { mocked, mocks: await startMocks(mocked) };
}

const { mocked, mocks } = await exitOnError(prepare());
const origin = mocked.appOrigin;
console.log("Building …");
await runToEnd(...npm("run", "--silent", "build"), { ...process.env, NODE_ENV: "production" });

await serveUntilStopped({
  command: process.execPath,
  args: ["build/server.js"],
  env: {
    ...mockEnvironment(mocked),
    MOCKS: "demo",
    NODE_ENV: "production",
    // New at each start, so that no session outlives the demo.
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
