/**
 * `npm run test:starters [-- adapter …]`: makes the starters, all of them or those named, outside this tree, and holds
 * each to its own checks (types, lint, import rules, dead code), the tests that a shorter list of adapters could break, its
 * build and its sign-in journeys. What it shares with this tree, byte for byte, has been tested here; `npm test` in a
 * starter runs all of it.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { listedIn } from "./adapt.ts";
import { writeStarter } from "./write.ts";

const TESTS = ["adapters/index", "adapters/registry", "app/config", "e2e/conformance/run"];
/** Two at a time: each waits for its browser half of the time. */
const AT_ONCE = 2;

const adapters =
  process.argv.length > 2 ? process.argv.slice(2) : listedIn(readFileSync("adapters/index.ts", "utf8"));
const folder = mkdtempSync(join(tmpdir(), "starters-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** @throws Error with what it printed, when it fails */
const run = (cwd: string, env: Record<string, string>, command: string, ...args: string[]) =>
  new Promise<void>((done, fail) => {
    let output = "";
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env } });
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        output += chunk;
      });
    child.once("error", fail);
    child.once("close", (code) =>
      code === 0 ? done() : fail(new Error(`${output}\n${[command, ...args].join(" ")} failed`)),
    );
  });

async function hold(adapter: string, index: number): Promise<void> {
  const directory = join(folder, adapter);
  const began = performance.now();
  await writeStarter(adapter, directory);
  const inside = (command: string, ...args: string[]) =>
    run(directory, { E2E_PORT: String(3600 + 20 * index) }, command, ...args);
  // One proves that the lock can be installed; what another one does not declare and uses, knip finds.
  if (index === 0) await inside("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund", "--silent");
  else symlinkSync(resolve("node_modules"), join(directory, "node_modules"));
  await inside("npm", "run", "--silent", "check");
  await inside("npx", "vitest", "run", ...TESTS, "--reporter=dot");
  await inside("npm", "run", "--silent", "test:e2e", "--", "e2e/journeys/sign-in.spec.ts", "--grep=@each");
  console.log(`starter ${adapter}: passed in ${Math.round((performance.now() - began) / 1000)} s`);
}

const waiting = adapters.map((adapter, index) => ({ adapter, index }));
async function work(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { adapter, index } = next;
    await hold(adapter, index).catch((error: Error) => {
      console.error(`starter ${adapter}: ${error.message}`);
      // The one beside it comes to its end; no other begins.
      process.exitCode = 1;
      waiting.length = 0;
    });
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
