/** The programs that a deployment is made of: found or installed, started, waited for, and ended by process id. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export interface Program {
  /** All that it wrote so far, on both outputs. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  /** Its exit code, once it has ended; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Ends it at once. */
  kill(): Promise<void>;
}

export interface Start {
  command: string;
  args: string[];
  /** In place of this process's own variables, but for the PATH. */
  env?: Record<string, string>;
  /** Where it runs, when that is not where we do. */
  cwd?: string;
  /** Resolves to true once the program can be used. */
  ready: () => Promise<boolean>;
  /** Where its standard output goes, when the test does not read it. */
  stdout?: number;
  /** How often it is asked whether it is ready. */
  everyMs?: number;
}

/** Longer than a start-up on a machine that runs several suites at once. */
const PATIENCE_MS = 120_000;

/** @throws Error when one runs there already; with the program's output when it ends, or is not ready in time */
export async function start({
  command,
  args,
  env = {},
  cwd,
  stdout,
  ready,
  everyMs = 50,
}: Start): Promise<Program> {
  // A program left running would be tested in this one's place.
  if (await ready().catch(() => false)) throw new Error(`${command}: another one runs there already`);
  const child = spawn(command, args, {
    env: { NODE_ENV: "production", PATH: process.env["PATH"], ...env },
    stdio: ["ignore", stdout ?? "pipe", "pipe"],
    ...(cwd && { cwd }),
  });
  const program = watch(child);
  let over = false;
  program.ended.then(() => {
    over = true;
  });
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await ready().catch(() => false))) {
    if (over || Date.now() > deadline) {
      await program.kill();
      throw new Error(`${command} ${over ? "ended" : "is not ready"}:\n${program.output()}`);
    }
    await pause(everyMs);
  }
  return program;
}

function watch(child: ChildProcess): Program {
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk) => {
      output += chunk;
    });
  const ended = once(child, "exit").then(([code]) => code as number | null);
  return {
    output: () => output,
    signal: (signal) => child.kill(signal),
    ended,
    async kill() {
      // A stopped process must be woken to notice anything but this.
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Whether a server answers 2xx there. */
export const answers = async (url: string): Promise<boolean> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  await response.arrayBuffer();
  return response.ok;
};

/** Waits until it holds. @throws Error after `ms` */
export async function until(what: string, holds: () => Promise<boolean>, ms = 20_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${ms} ms`);
    await pause(50);
  }
}

/**
 * The first that exists: the named variable, the PATH, where Debian keeps servers; else installed by apt-get, as root
 * and where no systemd runs, since that would start the service as well.
 * @param name of the program, which is its Debian package's too
 * @returns the path of an executable
 * @throws Error with one sentence on what to do
 */
export function findProgram(name: string): string {
  const variable = `${name.toUpperCase().replace(/\W/g, "_")}_PATH`;
  const named = process.env[variable];
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`${variable} names ${named}, where there is nothing.`);
  }
  const found = installed(name);
  if (found) return found;

  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get") && !existsSync("/run/systemd/system")) {
    console.log(`No ${name} here; installing it …`);
    const apt = (...args: string[]) => spawnSync("apt-get", args, { stdio: "inherit", timeout: 300_000 });
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", name);
  }
  const now = installed(name);
  if (now) return now;
  throw new Error(`No ${name} could be found or installed: install it, or set ${variable} to one.`);
}

function installed(name: string): string | undefined {
  const directories = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return directories.map((directory) => join(directory, name)).find((path) => existsSync(path));
}
