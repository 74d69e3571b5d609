/** For the launchers: their ports, checked before the build of half a minute, and child processes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** The port of the first mock; each further mock takes the next. @throws Error with what to do */
export const firstMockPort = async () => portFrom("MOCKS_PORT", 4010);

/** The port that a variable sets. @throws Error with what to do */
export function portFrom(variable: string, fallback: number): number {
  const port = Number(process.env[variable] || fallback);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new Error(`${variable} must be from 1 to 65535, not ${JSON.stringify(process.env[variable])}.`);
}

/**
 * The app's port must be free: the launcher would take the other program's answers for the app's.
 * @throws Error with what to do
 */
export async function assertPortFree(variable: string, port: number): Promise<void> {
  const server = createServer().listen(port);
  await once(server, "listening").catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `Port ${port} is not available (${error.code}): stop what listens there, or set ${variable} to another.`,
    );
  });
  server.close();
  await once(server, "close");
}

/** Runs a command with its output shown; exits with its code when it fails. */
export async function runToEnd(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const code = await exitOf(spawn(command, args, { env, stdio: "inherit" }));
  if (code !== 0) process.exit(code);
}

/** The result, or exit with the error's message alone: a stack trace does not help when a port is taken. */
export const exitOnError = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });

/**
 * npm's command line for `spawn`. Below npm it is npm's own script, run by this Node: on Windows `npm` is a batch file,
 * which Node starts through a shell only.
 */
export const npm = (...args: string[]): [command: string, args: string[]] => {
  const script = process.env["npm_execpath"];
  return script?.endsWith(".js") ? [process.execPath, [script, ...args]] : ["npm", args];
};

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

/** Runs a server until it exits or this process is told to stop; then calls `onStop`. */
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
