/** Starts the app under test as its owner does, and waits until it answers. */
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import type { Description } from "./description.ts";
import { SuiteFault } from "./outcome.ts";

export interface Values {
  ringsideUrl: string;
  ringsideKey: string;
}

/** The description's `env` with its placeholders replaced. @throws SuiteFault for one that does not exist */
export function environmentOf({ env, url }: Description, { ringsideUrl, ringsideKey }: Values) {
  const { origin, port, protocol } = new URL(url);
  const known: Record<string, string> = {
    "ringside.url": ringsideUrl,
    "ringside.origin": new URL(ringsideUrl).origin,
    "ringside.key": ringsideKey,
    url: origin,
    port: port || (protocol === "https:" ? "443" : "80"),
  };
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      value.replace(/\{([\w.]+)\}/g, (whole, key: string) => {
        const replacement = known[key];
        if (replacement === undefined)
          throw new SuiteFault(
            `env.${name} has ${whole}; known are ${Object.keys(known)
              .map((k) => `{${k}}`)
              .join(", ")}`,
          );
        return replacement;
      }),
    ]),
  );
}

export interface StartedApp {
  /** The end of what it printed. */
  output(): string;
  /** It ended by itself, as an app does that crashes. */
  ended(): boolean;
  stop(): Promise<void>;
}

/** @throws SuiteFault when it ends or does not answer in time */
export async function startApp(description: Description, values: Values): Promise<StartedApp> {
  const { start, url, folder, startSeconds } = description;
  if (await answers(url)) {
    if (start === undefined) return { output: () => "", ended: () => false, stop: async () => {} };
    throw new SuiteFault(`Something already answers at ${url}. Stop it, or leave out \`start\`.`);
  }
  let child: ChildProcess | null = null;
  let output = "";
  let ended: string | null = null;
  if (start !== undefined) {
    child = spawn(start, {
      shell: true,
      cwd: folder,
      env: { ...process.env, ...environmentOf(description, values) },
      // A process group of its own, so that stopping a shell or npm stops what it started.
      detached: process.platform !== "win32",
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk) => {
        output = (output + chunk).slice(-4_000);
      });
    child.once("error", (error) => {
      ended = error.message;
    });
    child.once("exit", (code, signal) => {
      ended = `ended with ${signal ?? `code ${code}`}`;
    });
  }
  const stop = async () => {
    if (!child || ended) return;
    const exited = new Promise((resolve) => child.once("exit", resolve));
    kill(child, "SIGTERM");
    if (await Promise.race([exited.then(() => true), wait(3_000, false)])) return;
    kill(child, "SIGKILL");
    await Promise.race([exited, wait(2_000)]);
  };
  const deadline = Date.now() + startSeconds * 1000;
  while (!(await answers(url))) {
    if (ended !== null)
      throw new SuiteFault(`\`${start}\` ${ended} before it answered at ${url}.\n${output}`);
    if (Date.now() > deadline) {
      await stop();
      throw new SuiteFault(
        `Nothing answers at ${url} after ${startSeconds} s${start ? ` of \`${start}\`` : ""}.\n${output}`,
      );
    }
    await wait(100);
  }
  return { output: () => output, ended: () => ended !== null, stop };
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined && process.platform !== "win32") process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It ended in the meantime.
  }
}

const answers = (url: string) =>
  fetch(url, { redirect: "manual", signal: AbortSignal.timeout(2_000) }).then(
    async (response) => {
      await response.body?.cancel();
      return true;
    },
    () => false,
  );
