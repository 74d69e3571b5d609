/** Finds a Chromium for the tests, or installs one, so that no machine has to be prepared by hand. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright";

/** The shell first: Chromium's engine without what draws windows, and the suite takes three quarters of the time in it. */
const SYSTEM_NAMES = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
];

/**
 * The first that exists: PLAYWRIGHT_CHROMIUM_PATH, Playwright's own download, a system browser; else the first
 * that can be installed: by Playwright, then (root on Debian) by apt-get.
 * @returns the path of an executable
 * @throws Error with one sentence on what to do
 */
export function findBrowser(): string {
  const named = process.env["PLAYWRIGHT_CHROMIUM_PATH"];
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`PLAYWRIGHT_CHROMIUM_PATH names ${named}, where there is nothing.`);
  }
  const found = installed();
  if (found) return found;

  console.log("No Chromium here; installing one …");
  run("npx", ["playwright", "install", "chromium"]);
  if (!installed() && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    run("apt-get", ["update", "-qq"]);
    // Not every Debian has the shell.
    for (const name of ["chromium-headless-shell", "chromium"])
      if (!installed()) run("apt-get", ["install", "-y", "-qq", name]);
  }
  const now = installed();
  if (now) return now;
  throw new Error(
    "No browser could be found or installed: set PLAYWRIGHT_CHROMIUM_PATH to a Chromium or Chrome.",
  );
}

function installed(): string | undefined {
  const onPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((directory) => SYSTEM_NAMES.map((name) => join(directory, name)));
  return [chromium.executablePath(), ...onPath].find((path) => existsSync(path));
}

/** A failed install is no error yet: the next way is tried, and the last sentence says what to do. */
function run(command: string, args: string[]): void {
  spawnSync(command, args, { stdio: "inherit", timeout: 300_000 });
}
