/** `npm run dev`: the mocks behind the Remix dev server with HMR. `MOCKS=0` uses your own environment instead. */
import { existsSync } from "node:fs";
import { mockEnvironment, startMocks } from "./environment.ts";
import { assertPortFree, exitOnError, firstMockPort, portFrom, serveUntilStopped } from "./launch.ts";

if (existsSync(".env")) process.loadEnvFile(".env");

async function prepare() {
  const port = portFrom(
    "PORT",
    Number(new URL(process.env["APP_ORIGIN"] ?? "http://localhost:3000").port) || 3000,
  );
  // Before the mocks start: what listens there already would be announced as the dashboard.
  await assertPortFree("PORT", port);
  const appOrigin = process.env["APP_ORIGIN"] ?? `http://localhost:${port}`;
  const mocked = { appOrigin, firstPort: await firstMockPort() };
  return { port, mocked, mocks: process.env["MOCKS"] === "0" ? null : await startMocks(mocked) };
}

const { port, mocked, mocks } = await exitOnError(prepare());
const origin = mocked.appOrigin;

await serveUntilStopped({
  command: process.execPath,
  args: ["node_modules/@remix-run/dev/dist/cli.js", "vite:dev", "--port", String(port)],
  env: {
    ...(mocks && { ...mockEnvironment(mocked), MOCKS: "1" }),
    LOG_LEVEL: process.env["LOG_LEVEL"] ?? "warn",
  },
  readyUrl: `${origin}/readyz`,
  onReady: () => console.log(`\n  The dashboard, with hot reload: ${origin}\n`),
  onStop: async () => mocks?.close(),
});
