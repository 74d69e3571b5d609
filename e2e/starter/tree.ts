/** The source files of this tree: no packages, no builds, no secrets. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** What stays here, each for its reason. A folder ends with a slash. */
const STAYS: Readonly<Record<string, string>> = {
  ".ci/": "it runs the tests of the starters too",
  "e2e/browsers/": "it proves the page in other engines, whichever adapter signs in",
  "e2e/fuzz/": "it fuzzes what goes along unchanged, signed in through the demo",
  "app/config/external-id.server.test.ts": "it compares the external_ids of several adapters",
  "app/config/misspelt.server.test.ts": "it knows the variables of several adapters",
  "app/config/variables.server.test.ts": "it holds .env.example of this tree to the variables",
  "adapters/recipes.test.ts": "it holds the recipes of all providers to their adapters",
  "e2e/ops/bench/": "it measures this design, not a fork",
  "CHANGELOG.md": "it tells the history of this tree",
  "docs/README.md": "it is the index of the documents of this tree",
  "docs/conformance.md": "it lists the rules and how to report on them",
  "docs/security.md": "each of its lines names a test, and some of those stay here",
  "docs/screenshots/": "pictures for the README of this tree",
  "docs/writing-an-adapter.md": "a starter has its adapter",
  "e2e/ops/cluster/": "it proves the server with Redis and nginx, with any adapter",
  "e2e/conformance/subjects/": "broken adapters and apps prove that the rules can fail",
  "e2e/conformance/run/app-command.ts": "apps of other frameworks are held to the rules from here",
  "e2e/conformance/conformance.cli.ts": "the report compares adapters",
  "e2e/conformance/rules/rules.test.ts": "it compares the rules with their document and specs",
  "e2e/conformance/report/": "the report compares adapters",
  "CONTRIBUTING.md": "it tells how to work on this tree",
  "CODE_OF_CONDUCT.md": "it is about this project",
  "SECURITY.md": "a fork has an address of its own",
  ".github/": "it tests and welcomes changes of this tree",
  "e2e/ops/reference.cli.ts": "it writes docs/reference.md for all adapters",
  "e2e/ops/reference.test.ts": "it compares docs/reference.md with all adapters",
  "e2e/ops/reference.ts": "it writes docs/reference.md for all adapters",
  "e2e/ops/node.cli.ts": "other versions of Node are tested here",
  "e2e/ops/plain-words.cli.ts": "its list is about the wording of this tree",
  "e2e/ops/deploy/": "the files of a deployment go along as they were tested",
  "e2e/ops/doctor/": "it plants faults in two adapters at once",
  "e2e/security/threat-model.test.ts": "it holds docs/security.md to its tests",
  "e2e/starter/": "a starter makes no starters",
  "e2e/screenshots.ts": "it makes the pictures",
  "screenshots.config.ts": "it makes the pictures",
};

export const stays = (path: string) =>
  Object.keys(STAYS).some((entry) => (entry.endsWith("/") ? path.startsWith(entry) : path === entry));

/** The paths of this tree, sorted: what Git tracks, so that no untracked notes or keys go along. */
export const filesIn = (): string[] => (existsSync(".git") ? tracked() : walk("")).sort();

const tracked = () =>
  execFileSync("git", ["ls-files", "-z"], { encoding: "utf8", maxBuffer: 2 ** 24 })
    .split("\0")
    .filter((path) => path !== "" && existsSync(path));

/** In a tree that was downloaded without its history. What .gitignore lists is whole, or `*` and a suffix. */
function walk(folder: string): string[] {
  return readdirSync(folder || ".", { withFileTypes: true }).flatMap((entry) => {
    const path = folder + entry.name;
    if (isIgnored(path)) return [];
    if (entry.isDirectory()) return walk(`${path}/`);
    return entry.isFile() ? [path] : [];
  });
}

const ignored = readFileSync(".gitignore", "utf8")
  .split("\n")
  .filter((line) => line && !line.startsWith("#"))
  .map((line) => line.replace(/\/$/, ""));
const isIgnored = (path: string) =>
  ignored.some((entry) =>
    entry.startsWith("*") ? path.endsWith(entry.slice(1)) : `/${path}`.endsWith(`/${entry}`),
  );
