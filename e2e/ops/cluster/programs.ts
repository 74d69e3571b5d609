/** Finds the programs a deployment is made of, or installs them: nobody should have to prepare a machine by hand. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

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
