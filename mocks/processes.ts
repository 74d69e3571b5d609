/** Child processes for the launchers: run one to its end, or serve one until Ctrl-C. */
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";

/** Runs a command with its output shown; ends this process with the command's code when it fails. */
export async function runToEnd(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const code = await exitOf(spawn(command, args, { env, stdio: "inherit" }));
  if (code !== 0) process.exit(code);
}

/** The result, or the end of this process with the error's own sentence: a stack helps nobody whose port is taken. */
export const orEnd = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });

interface Serve {
  command: string;
  args: string[];
  /** Added to this process's own environment. */
  env: Record<string, string>;
  /** Answers 200 once the child serves. */
  readyUrl: string;
  onReady(): void;
  onStop(): Promise<void>;
}

/** Keeps a server running until it ends or this process is told to stop; then stops what belongs to it. */
export async function serveUntilStopped(options: Serve): Promise<void> {
  const child = spawn(options.command, options.args, {
    env: { ...process.env, ...options.env },
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill("SIGTERM"));
  const ended = exitOf(child);
  if (await Promise.race([answers(options.readyUrl), ended.then(() => false)])) options.onReady();
  const code = await ended;
  await options.onStop();
  process.exit(code);
}

const exitOf = (child: ChildProcess) =>
  new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGTERM" ? 0 : 1)));
  });

async function answers(url: string): Promise<true> {
  for (;;) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return true;
    await pause(200);
  }
}
