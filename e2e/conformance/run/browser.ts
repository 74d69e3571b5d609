/** A Chromium of this machine, driven by Playwright. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright";

export type { Browser };

const NAMES = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
];

/** Null when there is none: rules that need it are then reported as not run. */
export async function openBrowser(): Promise<Browser | null> {
  const onPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const candidates = [process.env["PLAYWRIGHT_CHROMIUM_PATH"], chromium.executablePath(), ...onPath];
  const executablePath = candidates.find((path) => path && existsSync(path));
  if (executablePath === undefined) return null;
  // As root, in containers, Chromium starts only without its sandbox.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args });
}
