/** What the suite asks of a browser, whichever protocol drives it, and where the browsers of this machine are. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** A document: the page of a tab, or the page in one of its frames. */
export interface Page {
  /** Calls a self-contained function in the page; arguments and result are JSON. */
  evaluate<Args extends unknown[], Result>(
    fn: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result>;
  /** A trusted click in the middle of the first element that matches. @throws Error when there is none */
  click(selector: string): Promise<void>;
}

export interface Tab extends Page {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Types one key into the focused element: a character, or `Tab`, `Enter`, `ArrowLeft`, … */
  press(key: string): Promise<void>;
  /** The page in the first frame that matches. */
  frame(selector: string): Page;
  /** The page as a PDF; null when the engine cannot print under automation. */
  print(): Promise<Buffer | null>;
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

export interface Browser {
  readonly name: string;
  readonly version: string;
  open(): Promise<Tab>;
  /** All but the one that the browser began with; windows that a page has opened included. The same tab is the same object. */
  tabs(): Promise<Tab[]>;
  close(): Promise<void>;
}

export interface Launch {
  /** Where downloads go. */
  downloads: string;
}

/** The programs that the suite drives, with the Debian packages that bring them. */
const PROGRAMS = {
  "firefox-esr": { variable: "FIREFOX_PATH", names: ["firefox-esr", "firefox"], packages: ["firefox-esr"] },
  WebKitWebDriver: {
    variable: "WEBKIT_DRIVER_PATH",
    names: ["WebKitWebDriver"],
    packages: ["webkit2gtk-driver", "xvfb", "xauth"],
  },
} as const;

export type Program = keyof typeof PROGRAMS;

/** The path of a browser program, installed first where that is possible (root on Debian); null when there is none. */
export function findProgram(program: Program): string | null {
  const { variable, names, packages } = PROGRAMS[program];
  const named = process.env[variable];
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`${variable} names ${named}, but there is no such file.`);
  }
  const found = () => onPath(names);
  if (!found() && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const apt = (...args: string[]) => spawnSync("apt-get", args, { stdio: "inherit", timeout: 300_000 });
    console.log(`Installing ${packages.join(" ")} …`);
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", ...packages);
  }
  return found();
}

function onPath(names: readonly string[]): string | null {
  const directories = (process.env["PATH"] ?? "").split(delimiter);
  const paths = directories.flatMap((directory) => names.map((name) => join(directory, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}

/** Polls until `holds` answers something truthy, and returns it. @throws Error with `what` after `ms` */
export async function until<T>(what: string, holds: () => Promise<T>, ms = 15_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + ms;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const value = await holds();
      if (value) return value;
      last = value;
    } catch (error) {
      // A page that is navigating has no document to ask; the next turn does.
      last = error;
    }
    await pause(100);
  }
  throw new Error(
    `${what}: not within ${ms} ms (${last instanceof Error ? last.message : JSON.stringify(last)})`,
  );
}
