import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { registry, shapeOf } from "#adapters/registry.ts";
import { variableNames } from "#app/config/variables.server.ts";
import { listedIn, onlyListed, variablesOf, type Wanted } from "./adapt.ts";
import { chooseCode } from "./choose.ts";
import { readme, recipesOf, reference } from "./documents.ts";

const list = readFileSync("adapters/index.ts", "utf8");
const ids = registry.all.map(({ id }) => id);
const wantedFor = (adapter: string): Wanted => ({
  adapter,
  others: ids.filter((other) => other !== adapter),
  name: "fork",
});

describe.each(ids)("a starter for %s", (adapter) => {
  const { others } = wantedFor(adapter);

  it("has its adapter and its mock, and no other", async () => {
    const { code } = await chooseCode(adapter, others);
    expect(code).toContain(`adapters/${adapter}.ts`);
    expect(code).toContain(`mocks/identity/${adapter}.ts`);
    expect(code.filter((path) => /^mocks\/identity\/[^/]+(?<!test)\.ts$/.test(path)).length).toBeLessThan(3);
    for (const other of others) {
      expect(code).not.toContain(`adapters/${other}.ts`);
      expect(code).not.toContain(`mocks/identity/${other}.ts`);
    }
    // The rules go along, and what holds this adapter to them.
    expect(code).toContain("e2e/conformance/run/adapter.test.ts");
    expect(code).toContain(`adapters/${adapter}.test.ts`);
  });

  it("lists its adapter alone", () => {
    expect(listedIn(list)).toEqual(ids);
    expect(listedIn(onlyListed(list, adapter))).toEqual([adapter]);
  });

  it("explains each of its variables, and no other", () => {
    const example = variablesOf(readFileSync(".env.example", "utf8"), wantedFor(adapter));
    const explained = [...example.matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
    const own = registry.find(adapter);
    expect(explained.sort()).toEqual([...variableNames, ...(own ? Object.keys(shapeOf(own)) : [])].sort());
    expect(example).toContain(`\nAUTH_ADAPTERS=${adapter}\n`);
  });

  it("has a README made of the parts of ours, with the recipes for its adapter", () => {
    const text = readme(wantedFor(adapter), ["dev", "build", "doctor"]);
    expect(text).toContain("| `npm run dev` |");
    expect(text).not.toContain("test:cluster");
    for (const recipe of recipesOf(adapter)) expect(text).toContain(`(${recipe})`);
  });
});

it("a starter's reference has the variables of its adapter, and no other's", () => {
  const text = reference(wantedFor("github"));
  expect(text).toContain("| `SESSION_SECRET` |");
  expect(text).toContain("| `GITHUB_CLIENT_ID` |");
  expect(text).not.toContain("| `AUTH0_DOMAIN` |");
  // A starter does not have that command.
  expect(text).not.toMatch(/npm run reference|<!--/);
});

describe("npm run starter", () => {
  const folder = mkdtempSync(join(tmpdir(), "starter-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const starter = (...args: string[]) =>
    promisify(execFile)(process.execPath, ["--import", "tsx", "e2e/starter/starter.cli.ts", ...args]).then(
      () => null,
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
    );

  it.each([[["github"]], [["github", "a", "b"]]])("says how it is used: %j", async (args) => {
    expect(await starter(...args)).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^Usage: npm run starter -- /),
    });
  });

  it.each(["gitlab", "index"])("knows no adapter %j", async (adapter) => {
    const directory = join(folder, "unknown");
    expect(await starter(adapter, directory)).toEqual({
      code: 1,
      stderr: expect.stringContaining("auth0, demo, github, jwt, oidc"),
    });
    expect(existsSync(directory)).toBe(false);
  });

  it("overwrites nothing", async () => {
    writeFileSync(join(folder, "mine.txt"), "mine");
    expect(await starter("github", folder)).toEqual({
      code: 1,
      stderr: expect.stringContaining("is not empty"),
    });
    expect(readdirSync(folder)).toEqual(["mine.txt"]);
  });
});
