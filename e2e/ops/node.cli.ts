/**
 * `npm run test:node -- 24`: the unit tests of the app and its adapters, the build, and the core journey on another
 * version of Node. Its binary is npm's `node-<platform>-<arch>`, in a cache outside the product's dependencies.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

const [major = "", ...rest] = process.argv.slice(2);
if (!/^\d\d$/.test(major) || rest.length > 0) {
  console.error("Usage: npm run test:node -- <major version of Node, e.g. 24>");
  process.exit(1);
}

/** The folder that holds `node`. The package `node` itself would need an install script to fetch this one. */
function install(): string {
  const prefix = resolve(".cache/node", major);
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const bin = join(prefix, "node_modules", name, "bin");
  if (existsSync(join(bin, "node"))) return bin;
  mkdirSync(prefix, { recursive: true });
  const flags = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
  run("npm", ["install", "--prefix", prefix, ...flags, `${name}@${major}`]);
  return bin;
}

function run(command: string, args: string[], path = process.env["PATH"]): void {
  const { status } = spawnSync(command, args, { stdio: "inherit", env: { ...process.env, PATH: path } });
  if (status !== 0) process.exit(status ?? 1);
}

const path = [install(), process.env["PATH"]].join(delimiter);
run("node", ["--version"], path);
run("npx", ["vitest", "run", "--project", "app"], path);
run(
  "npm",
  ["run", "--silent", "test:e2e", "--", "e2e/journeys/sign-in.spec.ts", "e2e/journeys/rotation.spec.ts"],
  path,
);
