import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, it } from "vitest";

const checkout = mkdtempSync(join(tmpdir(), "e2e-run-"));
const lock = join(checkout, ".cache/e2e/running");
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

const runWith = (pid: number) => {
  mkdirSync(join(checkout, ".cache/e2e"), { recursive: true });
  writeFileSync(lock, String(pid));
  const args = [
    "--import",
    pathToFileURL(resolve("node_modules/tsx/dist/loader.mjs")).href,
    resolve("e2e/run.cli.ts"),
  ];
  return spawnSync(process.execPath, args, { cwd: checkout, encoding: "utf8" });
};

it("refuses to start while another end-to-end run uses the checkout, and leaves its lock", () => {
  const { status, stderr } = runWith(process.pid);
  expect([status, stderr]).toEqual([
    1,
    expect.stringContaining(`(process ${process.pid}) uses this checkout`),
  ]);
  expect(existsSync(lock)).toBe(true);
});

it("starts after a run that was killed, and removes its own lock at its end", () => {
  const { pid } = spawnSync(process.execPath, ["--version"]);
  // There is nothing to build in that folder, so this run fails after it has taken the lock.
  const { status, stderr } = runWith(pid);
  expect(status).not.toBe(0);
  expect(stderr).not.toContain("uses this checkout");
  expect(existsSync(lock)).toBe(false);
});

it("refuses an adapter that is unknown, and names those there are", () => {
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "e2e/run.cli.ts"], {
    env: { ...process.env, E2E_ADAPTER: "gitlab" },
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^There is no adapter "gitlab" \(E2E_ADAPTER\); there are: .*github.*\n$/);
});
