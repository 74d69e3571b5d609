/** Writes a starter: a project of its own with one adapter. */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import {
  deadCodeSettingsOf,
  listedIn,
  manifestOf,
  nameFor,
  onlyListed,
  variablesOf,
  type Wanted,
} from "./adapt.ts";
import { chooseCode, REGISTRY } from "./choose.ts";
import { pointedTo, REFERENCE, readme, recipesOf, reference, withoutDeadLinks } from "./documents.ts";
import { filesIn, stays } from "./tree.ts";

const read = (path: string) => readFileSync(path, "utf8");

/** Why nothing was written; the message is for the person who asked. */
export class Refusal extends Error {}

/** @param directory is made; must not exist, or be empty @throws Refusal when nothing can be written there */
export async function writeStarter(adapter: string, directory: string): Promise<void> {
  const listed = listedIn(read(REGISTRY));
  if (!listed.includes(adapter))
    throw new Refusal(`There is no adapter ${JSON.stringify(adapter)}; there are: ${listed.join(", ")}.`);
  if (!relative(process.cwd(), resolve(directory)).startsWith(".."))
    throw new Refusal(
      `${directory} is inside this tree; name a directory beside it, e.g. ../usage-dashboard.`,
    );
  if (existsSync(directory) && readdirSync(directory).length > 0)
    throw new Refusal(`${directory} is not empty; nothing was written.`);
  const others = listed.filter((other) => other !== adapter);
  const wanted: Wanted = { adapter, others, name: nameFor(directory) };

  const { code, unusedPackages } = await chooseCode(adapter, others);
  const texts = new Map(code.map((path) => [path, read(path)]));
  const plain = filesIn().filter(
    (path) => !stays(path) && !/\.tsx?$/.test(path) && !path.startsWith("docs/"),
  );
  const has = (path: string) => texts.has(path) || plain.includes(path);

  texts.set(REGISTRY, onlyListed(read(REGISTRY), adapter));
  texts.set(".env.example", variablesOf(read(".env.example"), wanted));
  texts.set("knip.json", deadCodeSettingsOf(read("knip.json")));
  const unused = new Set(
    [...unusedPackages].filter((name) => !isPeerOfOthers(name, unusedPackages) && !isCommand(name)),
  );
  const manifest = manifestOf(read("package.json"), wanted, has, unused);
  texts.set("package.json", manifest);
  texts.set("README.md", readme(wanted, Object.keys(JSON.parse(manifest).scripts)));
  texts.set(REFERENCE, reference(wanted));
  addDocuments(texts, plain, adapter);

  for (const path of [...plain, ...texts.keys()]) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    const text = texts.get(path);
    if (text === undefined) copyFileSync(path, join(directory, path));
    else writeFileSync(join(directory, path), text);
  }
  run(resolve("node_modules/.bin/biome"), [
    "format",
    "--write",
    "--log-level=error",
    "package.json",
    "knip.json",
  ]);
  // From our lock, which holds every version already: npm takes away what is not needed and asks no registry.
  run("npm", [
    "install",
    "--package-lock-only",
    "--offline",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--silent",
  ]);

  function run(command: string, args: string[]): void {
    execFileSync(command, args, { cwd: directory, stdio: ["ignore", "ignore", "inherit"] });
  }
}

/** What anything that goes along points to goes along too, but for the recipes of other adapters. */
function addDocuments(texts: Map<string, string>, plain: readonly string[], adapter: string): void {
  const recipes = recipesOf(adapter);
  const mayGo = (path: string) =>
    !stays(path) && (!path.startsWith("docs/providers/") || recipes.includes(path));
  const open = [...plain.filter((path) => path.endsWith(".md") && !texts.has(path)), ...texts.keys()];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const text = texts.get(path) ?? read(path);
    texts.set(path, text);
    open.push(...pointedTo(path, text).filter((target) => mayGo(target) && !texts.has(target)));
  }
  const has = (path: string) => texts.has(path) || plain.includes(path);
  for (const [path, text] of texts)
    if (path.endsWith(".md")) texts.set(path, withoutDeadLinks(path, text, has));
}

interface Locked {
  bin?: Record<string, string>;
  dependencies?: object;
  devDependencies?: object;
  peerDependencies?: object;
}

const locked = (): Record<string, Locked> => JSON.parse(read("package-lock.json")).packages;

/** A package that nothing imports may still be what a package that stays cannot do without. */
function isPeerOfOthers(name: string, unused: ReadonlySet<string>): boolean {
  const packages = locked();
  const root = packages[""];
  const direct = Object.keys({ ...root?.dependencies, ...root?.devDependencies }).filter(
    (used) => !unused.has(used),
  );
  return direct.some((used) => name in (packages[`node_modules/${used}`]?.peerDependencies ?? {}));
}

/** Or what a script of package.json runs. */
function isCommand(name: string): boolean {
  const words = new Set(
    Object.values<string>(JSON.parse(read("package.json")).scripts)
      .join(" ")
      .split(" "),
  );
  return Object.keys(locked()[`node_modules/${name}`]?.bin ?? {}).some((command) => words.has(command));
}
