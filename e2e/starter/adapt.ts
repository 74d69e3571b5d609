/** What is rewritten on the way: the registry's list, the variables, and what names files that stay here. */
import { basename } from "node:path";
import { stays } from "./tree.ts";

export interface Wanted {
  adapter: string;
  others: readonly string[];
  /** The new project's name, of its folder. */
  name: string;
}

/** `export { github } from "./github.ts";`, one line per adapter. */
const LISTED = /^export \{ \w+ \} from "\.\/(.+)\.ts";$/;

export const listedIn = (registry: string): string[] =>
  registry.split("\n").flatMap((line) => LISTED.exec(line)?.[1] ?? []);

export const onlyListed = (registry: string, adapter: string): string =>
  registry
    .split("\n")
    .filter((line) => (LISTED.exec(line)?.[1] ?? adapter) === adapter)
    .join("\n");

/** A paragraph of .env.example that begins with `# github:` has the variables of `github`. */
export function variablesOf(example: string, { adapter, others }: Wanted): string {
  const isOthers = (paragraph: string) => others.some((other) => paragraph.startsWith(`# ${other}: `));
  return example
    .split("\n\n")
    .filter((paragraph) => !isOthers(paragraph))
    .join("\n\n")
    .replace(/^AUTH_ADAPTERS=.*$/m, `AUTH_ADAPTERS=${adapter}`);
}

interface Manifest {
  name: string;
  description: string;
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

/**
 * @param has whether a file goes along
 * @param unused packages that nothing imports any more, and no package has for a peer
 */
export function manifestOf(
  text: string,
  { name }: Wanted,
  has: (path: string) => boolean,
  unused: ReadonlySet<string>,
): string {
  const manifest = JSON.parse(text) as Manifest;
  const used = (packages: Record<string, string>) =>
    Object.fromEntries(Object.entries(packages).filter(([used]) => !unused.has(used)));
  return `${JSON.stringify(
    {
      ...manifest,
      name,
      scripts: scriptsOf(manifest.scripts, has),
      dependencies: used(manifest.dependencies),
      devDependencies: used(manifest.devDependencies),
    },
    null,
    2,
  )}\n`;
}

/** Without those that run a file which stays here, and without running them from others. */
function scriptsOf(scripts: Record<string, string>, has: (path: string) => boolean): Record<string, string> {
  const runs = (command: string) => command.match(/[\w./-]+\.(ts|mjs)\b/g) ?? [];
  const dropped = Object.keys(scripts).filter(
    (name) =>
      !runs(scripts[name] ?? "").every(has) || scripts[name]?.split(" ").some((word) => stays(`${word}/`)),
  );
  const calls = (part: string) =>
    dropped.some((name) => part.split(" ").slice(0, 3).join(" ") === `npm run ${name}`);
  return Object.fromEntries(
    Object.entries(scripts)
      .filter(([name]) => !dropped.includes(name))
      .map(([name, command]) => [
        name,
        command
          .split(" && ")
          .filter((part) => !calls(part))
          .join(" && "),
      ]),
  );
}

/**
 * Knip's settings without entries that stay here. Files go along whole, so that later fixes merge: an export that only
 * another adapter uses is no dead code, an unused file or package is.
 */
export function deadCodeSettingsOf(knip: string): string {
  const { ignoreBinaries: _, ...settings } = JSON.parse(knip) as {
    entry: string[];
    ignoreBinaries: string[];
  };
  const entry = settings.entry.filter((path) => !stays(path));
  return `${JSON.stringify({ ...settings, entry, exclude: ["exports", "types"] }, null, 2)}\n`;
}

/** npm's rules for a name. */
export const nameFor = (directory: string): string =>
  basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+/, "") || "usage-dashboard";
