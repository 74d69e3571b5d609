/**
 * `npm run test:starters [-- adapter …]`: makes the starters, all of them or those named, outside this tree, and holds
 * each to its own checks (types, lint, walls, dead code), its adapter's unit tests, its build and its sign-in journeys.
 * What it shares with this tree, byte for byte, has been tested here; `npm test` in a starter runs all of it.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listedIn } from "./adapt.ts";
import { writeStarter } from "./write.ts";

const adapters =
  process.argv.length > 2 ? process.argv.slice(2) : listedIn(readFileSync("adapters/index.ts", "utf8"));
const room = mkdtempSync(join(tmpdir(), "starters-"));
process.once("exit", () => rmSync(room, { recursive: true, force: true }));

for (const adapter of adapters) {
  const directory = join(room, adapter);
  const began = performance.now();
  await writeStarter(adapter, directory);
  const run = (command: string, ...args: string[]) => {
    const { status } = spawnSync(command, args, { cwd: directory, stdio: "inherit" });
    if (status === 0) return;
    console.error(`starter ${adapter}: ${[command, ...args].join(" ")} failed`);
    process.exit(1);
  };
  run("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund", "--silent");
  run("npm", "run", "--silent", "check");
  run("npx", "vitest", "run", "adapters", "app/config", "mocks/identity", "e2e", "--reporter=dot");
  run(
    "npm",
    "run",
    "--silent",
    "test:e2e",
    "--",
    "e2e/journeys/sign-in.spec.ts",
    "--reporter=dot,./e2e/closing-line.ts",
  );
  console.log(`starter ${adapter}: passed in ${Math.round((performance.now() - began) / 1000)} s`);
  rmSync(directory, { recursive: true });
}
