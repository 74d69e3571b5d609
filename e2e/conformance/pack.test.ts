/** The tarball, installed in an empty directory, as an owner of another app has it. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const TIMEOUT_MS = 240_000;

describe("the packed suite", () => {
  let folder: string;
  const suite = (...args: string[]) =>
    run("npx", ["--no-install", "ringside-conformance", ...args], { cwd: folder }).then(
      ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        output: error.stdout + error.stderr,
      }),
    );
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "conformance-"));
    const { stdout } = await run("npx", ["tsx", "e2e/conformance/pack.cli.ts"]);
    const tarball = resolve(stdout.trim());
    await writeFile(join(folder, "package.json"), "{}");
    await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", tarball], { cwd: folder });
    await rm(tarball);
  }, TIMEOUT_MS);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("writes a description with its schema, once", { timeout: TIMEOUT_MS }, async () => {
    expect((await suite("--init")).code).toBe(0);
    const description = JSON.parse(await readFile(join(folder, "conformance.json"), "utf8"));
    expect(description).toMatchObject({ profile: "tutorial", $schema: "./conformance.schema.json" });
    expect(JSON.parse(await readFile(join(folder, "conformance.schema.json"), "utf8"))).toMatchObject({
      properties: { routes: { required: ["dashboard", "mint"] } },
    });
    expect(await suite("--init")).toMatchObject({
      code: 2,
      output: expect.stringContaining("exists already"),
    });
  });

  it("runs the tutorial's app, with the browser", { timeout: TIMEOUT_MS }, async () => {
    const examples = join(folder, "node_modules/ringside-conformance/examples");
    const example = JSON.parse(await readFile(join(examples, "tutorial.json"), "utf8"));
    const file = join(examples, "conformance.json");
    await writeFile(file, JSON.stringify({ ...example, url: "http://localhost:4877" }));
    const only = "MINT-7,MINT-10,TOK-1,TOK-14,TOK-17,XO-1";
    const { code, output } = await suite(
      "--config",
      file,
      "--json",
      "result.json",
      "--rules",
      "1",
      "--only",
      only,
    );
    expect(output).toMatch(/6 passed, 0 failed, 0 not run\s*$/);
    expect(code).toBe(0);
    const { rules } = JSON.parse(await readFile(join(folder, "result.json"), "utf8"));
    expect(rules).toContainEqual({ id: "TOK-1", result: "passed", detail: "" });
  });

  it("tells a description that it cannot use from an app that fails", { timeout: TIMEOUT_MS }, async () => {
    await writeFile(
      join(folder, "bad.json"),
      '{"url": "http://localhost:1", "routes": {}, "people": [], "pepole": []}',
    );
    const { code, output } = await suite("--config", "bad.json");
    expect(code).toBe(2);
    expect(output).toMatch(/routes\.dashboard/);
    expect(output).toMatch(/pepole/);
    expect(await suite("--config", "bad.json", "--rules", "9")).toMatchObject({ code: 2 });
  });
});
