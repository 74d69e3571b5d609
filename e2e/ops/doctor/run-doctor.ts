/** The doctor as an operator has it: bundled by esbuild, run by node, read as JSON. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

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
