/** Every test that docs/security.md names is in the file it names, with that title, and every file that it names exists. */
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const document = readFileSync("docs/security.md", "utf8");
const proofs = [...document.matchAll(/^- `([^`]+)`: "(.+)"$/gm)].map(([, path = "", title = ""]) => ({
  path,
  title,
}));

it("reads every proof of the document", () => {
  expect(proofs.length).toBeGreaterThan(30);
  expect(proofs).toHaveLength(document.match(/\.(test|spec|check)\.tsx?`: /g)?.length ?? 0);
});

it.each(proofs)("$path has the test: $title", ({ path, title }) => {
  const source = readFileSync(path, "utf8");
  // Followed by a comma: a test's title, and no comment or part of another one.
  expect([`"${title}",`, `\`${title}\`,`].some((text) => source.includes(text))).toBe(true);
});

it("has a proof for every attacker", () => {
  const attackers = document.split("## Attackers")[1]?.split("\n## ")[0]?.split("\n### ").slice(1) ?? [];
  expect(attackers.length).toBeGreaterThan(8);
  for (const attacker of attackers) expect(attacker).toMatch(/^- `[^`]+`: "/m);
});

it.each([...document.matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, target = ""]) => target))(
  "links to %s, which exists",
  (target) => {
    expect(existsSync(new URL(`../../docs/${target}`, import.meta.url))).toBe(true);
  },
);

const tables = document.split("## OWASP ASVS 5.0")[1]?.split("\n## ")[0] ?? "";

it.each([...new Set([...tables.matchAll(/`([\w./-]+\/[\w.-]+\.tsx?)`/g)].map(([, path = ""]) => path))])(
  "the ASVS tables name %s, which exists",
  (path) => {
    expect(existsSync(path)).toBe(true);
  },
);

it("answers every ASVS requirement of the four chapters once", () => {
  const rows = [...tables.matchAll(/^\| (\d+)\.(\d+)\.(\d+)/gm)].map(([, ...id]) => id.join("."));
  expect(new Set(rows).size).toBe(rows.length);
  expect(tables.match(/^\| \d.* \| (yes|partly|no|n\/a|operator) \| \S/gm)).toHaveLength(rows.length);
  const count = (chapter: string) => rows.filter((id) => id.startsWith(`${chapter}.`)).length;
  expect(["3", "7", "9"].map(count)).toEqual([31, 19, 7]);
});
