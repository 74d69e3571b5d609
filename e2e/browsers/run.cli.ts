/** `npm run test:browsers`: builds, finds or installs Firefox and WebKit, and takes the core journey through both. */
import { spawnSync } from "node:child_process";
import { npm } from "#mocks/launch.ts";
import { findProgram } from "./engine.ts";

function run(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): void {
  const { status } = spawnSync(command, args, { stdio: "inherit", env });
  if (status !== 0) process.exit(status ?? 1);
}

const engines = { Firefox: findProgram("firefox-esr"), WebKit: findProgram("WebKitWebDriver") };
for (const [engine, path] of Object.entries(engines)) {
  if (path) continue;
  console.error(`${engine} was not tested: it is not installed, and cannot be installed from here.`);
  // On a developer's machine the other suites still count; CI must not lose an engine silently.
  if (process.env["CI"]) process.exit(1);
}
if (!engines.Firefox && !engines.WebKit) process.exit(0);

run(...npm("run", "--silent", "build"), { ...process.env, NODE_ENV: "production" });
run(process.execPath, [
  "node_modules/vitest/vitest.mjs",
  "run",
  "--config",
  "e2e/browsers/vitest.config.ts",
  ...process.argv.slice(2),
]);
