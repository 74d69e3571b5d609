/** docs/writing-an-adapter.md, taken at its word: its adapter and its mock are run, and held to the rules. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import type { AuthAdapter } from "#adapters/adapter.ts";
import type { IdentityMock } from "#mocks/identity/parts/mock.ts";
import { applicableRules, runContract } from "../run/adapter.ts";
import { mockedHarness } from "../run/harness.ts";

const ROOT = new URL("../../../", import.meta.url);
const FOLDER = new URL(".cache/guide/", ROOT);
const guide = readFileSync(new URL("docs/writing-an-adapter.md", ROOT), "utf8");

/** The block of that name, written where its relative imports would not be found, so they are made absolute. */
function extract(path: string): string {
  const block = guide.split(`\`\`\`ts ${path}\n`)[1]?.split("\n```")[0];
  if (!block) throw new Error(`the guide has no block ${path}`);
  const folder = `#${path.replace(/\/[^/]+$/, "")}/`;
  const file = new URL(path.replaceAll("/", "-"), FOLDER);
  writeFileSync(file, block.replaceAll('from "./', `from "${folder}`));
  return fileURLToPath(file);
}

let files: string[];
beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true });
  files = ["adapters/linden.ts", "mocks/identity/linden.ts"].map(extract);
});

describe("the worked example", () => {
  it("is type-correct", { timeout: 120_000 }, () => {
    const { config } = ts.readConfigFile(fileURLToPath(new URL("tsconfig.json", ROOT)), ts.sys.readFile);
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, fileURLToPath(ROOT));
    const program = ts.createProgram(files, options);
    const faults = files
      .flatMap((file) => program.getSemanticDiagnostics(program.getSourceFile(file)))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
    expect(faults).toEqual([]);
  });

  it("holds to every rule of the contract that applies to it", async () => {
    const [{ linden }, { mock }] = (await Promise.all(files.map((file) => import(file)))) as [
      { linden: AuthAdapter },
      { mock: IdentityMock },
    ];
    const harness = mockedHarness(linden, mock);
    const outcomes = await runContract(harness);
    expect([...outcomes].filter(([, fault]) => fault !== null)).toEqual([]);
    expect(outcomes.size).toBe(applicableRules(harness).length);
    expect(outcomes.size).toBeGreaterThan(25);
  });
});
