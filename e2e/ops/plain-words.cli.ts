/**
 * `npm run lint` runs this: it fails on words and names that only the author of a sentence understands, and names the
 * plain one. With paths as arguments it looks at those alone.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Each pattern, and what to write instead. */
const UNCLEAR: [pattern: RegExp, instead: string][] = [
  [
    /\b(nobody|somebody|anybody|everybody|whoever|whom)\b/i,
    "the user, the client, the attacker, no user, any page",
  ],
  [/\bmend(s|ed|ing)?\b/i, "fix, recover, retry"],
  [/\b(thereby|thereof|hence|whence|thence)\b/i, "so, from it"],
  [/\b(the|our) house\b/i, "layout, project"],
  [/\b(a room|the rooms|rooms)\b/i, "module"],
  [/\b(walls? of|these walls|a wall)\b/i, "import rule, check"],
  [/\b(kept|bent|dust|most|away)\s*[:=(]/, "a name that says what the value is"],
  [/\b(orAway|isAway|leavePage|lookAlikes|Surroundings|DUST|MOST)\b/, "see CONTRIBUTING: names"],
  [/\bbear(s)? (witness|with)\b/i, "shows"],
  [
    /\b(ere|lest|nought|naught|albeit|whilst|amongst|upon)\b/i,
    "before, so that … not, nothing, although, while, among, on",
  ],
];

/** Where a word is a quotation, a wire value or a proper term. Keep this short. */
const ALLOWED: Record<string, RegExp> = {
  "e2e/ops/plain-words.cli.ts": /./,
  "CHANGELOG.md": /./,
};

const paths = process.argv.slice(2);
const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "--", ...paths], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.(tsx?|mjs|css|md|ya?ml|conf|sh)$|^\.env\.example$|^Dockerfile$/.test(file));

let faults = 0;
for (const file of files) {
  const allowed = ALLOWED[file];
  for (const [index, line] of readFileSync(file, "utf8").split("\n").entries()) {
    for (const [pattern, instead] of UNCLEAR) {
      const found = pattern.exec(line)?.[0];
      if (!found || allowed?.test(line)) continue;
      faults += 1;
      process.stderr.write(`${file}:${index + 1} "${found.trim()}": write ${instead}\n`);
    }
  }
}
if (faults > 0) {
  process.stderr.write(`${faults} unclear words.\n`);
  process.exitCode = 1;
}
