/** `npm run test:e2e [-- playwright arguments]`: builds, holds the build to its size, runs the suite in a browser against the mocks. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { identityMocks } from "#mocks/environment.ts";
import { npm } from "#mocks/launch.ts";
import { findBrowser } from "./browser.ts";
import { holdSizes } from "./ops/sizes.ts";

function run(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): void {
  const { status } = spawnSync(command, args, { stdio: "inherit", env });
  if (status !== 0) process.exit(status ?? 1);
}

const LOCK = ".cache/e2e/running";

/** Two runs in one checkout would overwrite each other's build, ports, logs and results. */
function lock(): void {
  mkdirSync(".cache/e2e", { recursive: true });
  try {
    writeFileSync(LOCK, String(process.pid), { flag: "wx" });
  } catch {
    const other = Number(readFileSync(LOCK, "utf8"));
    if (isRunning(other)) {
      console.error(
        `Another end-to-end run (process ${other}) uses this checkout. Wait for its end, or run from another checkout with its own E2E_PORT.`,
      );
      process.exit(1);
    }
    // Its run was killed.
    writeFileSync(LOCK, String(process.pid));
  }
  process.once("exit", () => rmSync(LOCK, { force: true }));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
}

function isRunning(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A name that is unknown would end in a stack from the middle of the suite. */
function checkAdapter(adapter: string | undefined): void {
  const known = identityMocks.map(({ adapterId }) => adapterId);
  if (!adapter || known.includes(adapter)) return;
  console.error(
    `There is no adapter ${JSON.stringify(adapter)} (E2E_ADAPTER); there are: ${known.join(", ")}.`,
  );
  process.exit(1);
}

checkAdapter(process.env["E2E_ADAPTER"]);
lock();
const browser = findBrowser();
run(...npm("run", "--silent", "build"), { ...process.env, NODE_ENV: "production" });
holdSizes("build");
run(process.execPath, ["node_modules/@playwright/test/cli.js", "test", ...process.argv.slice(2)], {
  ...process.env,
  PLAYWRIGHT_CHROMIUM_PATH: browser,
});
