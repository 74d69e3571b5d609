/** The documents of a starter: its README, made of parts of ours, the recipes for its adapter, and what these point to. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import type { Wanted } from "./adapt.ts";

const RECIPES = "docs/providers";
export const REFERENCE = "docs/reference.md";
const read = (path: string) => readFileSync(path, "utf8");

/** The part below a heading `## title`, without it. @throws Error when there is none: the template must be fixed */
function part(path: string, title: string): string {
  const body = `\n${read(path)}`.split(`\n## ${title}\n`)[1]?.split(/\n## /)[0];
  if (!body) throw new Error(`${path} has no part "${title}"`);
  return body.trim();
}

/** Paths of the recipes that enable this adapter. */
export const recipesOf = (adapter: string): string[] =>
  readdirSync(RECIPES)
    .map((name) => `${RECIPES}/${name}`)
    .filter((path) => new RegExp(`^AUTH_ADAPTERS=${adapter}$`, "m").test(read(path)));

/** @param scripts the starter's @param files all that goes along but for documents */
export function readme({ adapter, name }: Wanted, scripts: readonly string[]): string {
  const commands = part("CONTRIBUTING.md", "Commands")
    .split("\n")
    .filter((line) => /^\| `npm/.test(line))
    .filter((line) =>
      [...line.matchAll(/npm run ([\w:]+)/g)].every(([, script = ""]) => scripts.includes(script)),
    );
  const fill: Record<string, string> = {
    name,
    adapter,
    commands: commands.join("\n"),
    "sign-in": signIn(adapter),
    tokens: part("README.md", "How tokens flow, and what an attacker gets"),
  };
  return read("e2e/starter/README.template.md").replace(/\{\{([\w-]+)\}\}/g, (_, key: string) => {
    const text = fill[key];
    if (text === undefined) throw new Error(`README.template.md asks for "${key}"`);
    return text;
  });
}

/** docs/reference.md without the rows of other adapters' variables, and without the command that writes it here. */
export function reference({ adapter, others }: Wanted): string {
  const isOthers = (line: string) => others.some((other) => line.startsWith(`| \`${other}\` |`));
  const text = read(REFERENCE)
    .replace(/ <!-- upstream -->[\s\S]*?<!-- end -->/, "")
    .replace(/<!-- .*? -->\n/g, "")
    .split("\n")
    .filter((line) => !isOthers(line))
    .join("\n");
  return adapter === "demo" ? text : text.replace("required; `demo` with the mocks", "required");
}

function signIn(adapter: string): string {
  const recipes = recipesOf(adapter);
  const index = `${RECIPES}/README.md`;
  const title = `What \`${adapter}\` takes`;
  const several = read(index).includes(`\n## ${title}\n`);
  if (recipes.length === 0)
    return "It needs nothing, signs in any visitor as any persona, and works only while APP_ORIGIN is loopback.";
  const links = recipes.map((path) => `- [${/^# (.*)$/m.exec(read(path))?.[1] ?? path}](${path})`);
  const taken = several ? ["", "**Variables**", "", relink(part(index, title), index, "README.md")] : [];
  return [
    "What to register, which variables to set, and what a person is called:",
    "",
    ...links,
    ...taken,
  ].join("\n");
}

const LINK = /\[([^\]]*)\]\((?!https?:|#)([^)#\s]+)(#[^)]*)?\)/g;

/** The same text in another place: its links lead where they led. */
const relink = (text: string, from: string, to: string) =>
  text.replace(LINK, (_, label: string, target: string, anchor = "") => {
    const path = posix.relative(posix.dirname(to), posix.join(posix.dirname(from), target));
    return `[${label}](${path}${anchor})`;
  });

/** A link to what does not go along becomes its own words. */
export const withoutDeadLinks = (path: string, text: string, has: (path: string) => boolean): string =>
  text.replace(LINK, (link, label: string, target: string) =>
    has(posix.join(posix.dirname(path), target)) ? link : label,
  );

/** Documents that a text points to: by a link, or by a path from the tree's root, as comments do. */
export function pointedTo(path: string, text: string): string[] {
  const links = [...text.matchAll(LINK)].map(([, , target = ""]) => posix.join(posix.dirname(path), target));
  const paths = text.match(/\bdocs\/[\w./-]+\.md\b/g) ?? [];
  return [...links, ...paths].filter((target) => target.startsWith("docs/") && existsSync(target));
}
