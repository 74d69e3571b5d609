/** The doctor as an operator has it: bundled by esbuild, run by node, read as JSON. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { expect } from "vitest";

export interface Finding {
  check: string;
  status: "ok" | "warning" | "failure";
  variables: string[];
  found: string;
  todo: string | null;
}

export interface Outcome {
  code: number;
  findings: Finding[];
  failures: Finding[];
  /** Everything it printed. */
  output: string;
}

export interface Doctor {
  /** Runs `doctor --json`. */
  examine(env: Environment, ...args: string[]): Promise<Outcome>;
  /** Runs it as it is. */
  run(env: Environment, ...args: string[]): Promise<Omit<Outcome, "findings" | "failures">>;
  close(): Promise<void>;
}

/** A test must not fail because the machine is busy. */
const PATIENCE = ["--timeout", "10"];

export type Environment = Record<string, string | undefined>;

/** Bundles it as `npm run build` does, but for the packages. */
export async function buildDoctor(): Promise<Doctor> {
  // Below the repository, so that packages are found; in a folder where no .env is.
  await mkdir(".cache", { recursive: true });
  const folder = await mkdtemp(path.resolve(".cache/doctor-"));
  await build({
    entryPoints: { doctor: "app/doctor/doctor.cli.ts" },
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
    // Those two are CommonJS. With all others inside it starts in half the time, and it is started some fifty times.
    external: ["debug", "ioredis"],
  });
  const run: Doctor["run"] = (env, ...args) =>
    new Promise((resolve) => {
      const options = { cwd: folder, env: env as NodeJS.ProcessEnv };
      execFile(
        process.execPath,
        [path.join(folder, "doctor.js"), ...args],
        options,
        (error, stdout, stderr) => {
          resolve({ code: error ? Number(error.code ?? -1) : 0, output: stdout + stderr });
        },
      );
    });

  return {
    run,
    async examine(env, ...args) {
      const { code, output } = await run(env, "--json", ...PATIENCE, ...args);
      const { findings } = JSON.parse(output) as { findings: Finding[] };
      return { code, output, findings, failures: findings.filter(({ status }) => status === "failure") };
    },
    close: () => rm(folder, { recursive: true }),
  };
}

/** What every planted fault must lead to. */

export interface Expected {
  /** The check that must find it. */
  check: string;
  /** The variable to change; null for a fault that no variable fixes. */
  variable: string | null;
  /** Words of the failing line. */
  found: RegExp;
  /** What it says to do. */
  todo?: RegExp;
}

/** A failing line of that check names the variable and says what to do; the exit code is 1; no secret is printed. */
export function expectFailure(
  outcome: Outcome,
  secrets: readonly string[],
  { check, variable, found, todo = /\w/ }: Expected,
) {
  const lines = outcome.failures
    .filter((finding) => finding.check === check)
    .map(({ variables, found, todo }) => ({ variables, sentence: [...variables, found].join(" "), todo }));
  expect(lines).toContainEqual({
    variables: variable === null ? [] : expect.arrayContaining([variable]),
    sentence: expect.stringMatching(found),
    todo: expect.stringMatching(todo),
  });
  expect(outcome.code).toBe(1);
  expectNoSecret(outcome.output, secrets);
}

export function expectNoSecret(output: string, secrets: readonly string[]) {
  for (const secret of secrets) expect(output).not.toContain(secret);
  expect(output).not.toMatch(/eyJ[\w-]+\.eyJ/);
}
