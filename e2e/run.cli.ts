/** `npm run test:e2e [-- playwright arguments]`: builds, holds the build to its size, runs the suite in a browser against the mocks. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { findBrowser } from "./browser.ts";
import { holdSizes } from "./ops/sizes.ts";

function run(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): void {
  const { status } = spawnSync(command, args, { stdio: "inherit", env });
  if (status !== 0) process.exit(status ?? 1);
}

const browser = findBrowser();
mkdirSync(".cache/e2e", { recursive: true });
run("npm", ["run", "--silent", "build"], { ...process.env, NODE_ENV: "production" });
holdSizes("build");
run("npx", ["playwright", "test", ...process.argv.slice(2)], {
  ...process.env,
  PLAYWRIGHT_CHROMIUM_PATH: browser,
});
