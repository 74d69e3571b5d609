/** `npm run test:cluster`: builds, finds Redis and nginx, runs the built server alone and as two behind a proxy. */
import { spawnSync } from "node:child_process";
import { npm } from "#mocks/launch.ts";
import { findProgram } from "./programs.ts";

function run(command: string, args: string[], env: NodeJS.ProcessEnv = process.env): void {
  const { status } = spawnSync(command, args, { stdio: "inherit", env });
  if (status !== 0) process.exit(status ?? 1);
}

try {
  for (const program of ["redis-server", "redis-sentinel", "nginx"]) findProgram(program);
} catch (error) {
  // The sentence alone: a stack would bury what to install.
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
run(...npm("run", "--silent", "build"), { ...process.env, NODE_ENV: "production" });
run(process.execPath, [
  "node_modules/vitest/vitest.mjs",
  "run",
  "--config",
  "e2e/ops/cluster/vitest.config.ts",
  ...process.argv.slice(2),
]);
