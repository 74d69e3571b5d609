/** `npm run dev`: the mocks behind the Remix dev server with HMR. `MOCKS=0` uses your own environment instead. */
import { existsSync } from "node:fs";
import { mockEnvironment, startMocks } from "./environment.ts";
import { exitOnError, firstMockPort, serveUntilStopped } from "./launch.ts";

if (existsSync(".env")) process.loadEnvFile(".env");

const origin = process.env["APP_ORIGIN"] ?? "http://localhost:3000";
const mocked = { appOrigin: origin, firstPort: await exitOnError(firstMockPort()) };
const mocks = process.env["MOCKS"] === "0" ? null : await exitOnError(startMocks(mocked));

await serveUntilStopped({
  command: process.execPath,
  args: ["node_modules/@remix-run/dev/dist/cli.js", "vite:dev", "--port", new URL(origin).port || "3000"],
  env: {
    ...(mocks && { ...mockEnvironment(mocked), MOCKS: "1" }),
    LOG_LEVEL: process.env["LOG_LEVEL"] ?? "warn",
  },
  readyUrl: `${origin}/readyz`,
  onReady: () => console.log(`\n  The dashboard, with hot reload: ${origin}\n`),
  onStop: async () => mocks?.close(),
});
