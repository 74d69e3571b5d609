/**
 * Part of `npm run lint`: fails on words that need their author to explain them, in files and in file names, and names
 * plain ones. With paths as arguments it checks those only.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** Each pattern, and what to write instead. */
const UNCLEAR: [pattern: RegExp, instead: string][] = [
  [
    /\b(nobody|somebody|anybody|everybody|whoever|whom)\b/i,
    "the user, the client, the attacker, no user, any page",
  ],
  [/\bmend(s|ed|ing)?\b/i, "fix, recover, retry"],
  [/\b(thereby|thereof|hence|whence|thence)\b/i, "so, from it"],
  [/\b(the|our) house\b/i, "layout, project"],
  [/\b(a room|the rooms|rooms)\b/i, "folder, module"],
  [/\b(walls? of|(its|these|the|holds the) walls|a wall)\b/i, "import rule, check"],
  [/\b(kept|bent|dust|most|away)\s*[:=(]/, "a name that says what the value is"],
  [/\b(orAway|isAway|leavePage|lookAlikes|DUST|MOST)\b/, "a name that says what the value is"],
  [/\b(surroundings|ambient)\b/i, "environment, proxy-authenticated"],
  [/\bbear(s)? (witness|with)\b/i, "shows"],
  [/\bbeget(s|ting)?\b/i, "create"],
  [/\b(ere|lest|nought|naught|albeit|whilst|amongst|upon)\b/i, "before, so that … not, although, while, on"],
];

/** Files that quote such words. Keep this short. */
const ALLOWED = new Set(["e2e/ops/plain-words.cli.ts", "CHANGELOG.md"]);

const paths = process.argv.slice(2);
const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "--", ...paths], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.(tsx?|mjs|css|md|ya?ml|conf|sh)$|^\.env\.example$|^Dockerfile$/.test(file))
  // A file that was deleted and not committed yet.
  .filter((file) => !ALLOWED.has(file) && existsSync(file));

let faults = 0;
for (const file of files) {
  const lines = [file.replace(/[-_./]/g, " "), ...readFileSync(file, "utf8").split("\n")];
  for (const [number, line] of lines.entries()) {
    for (const [pattern, instead] of UNCLEAR) {
      const found = pattern.exec(line)?.[0];
      if (!found) continue;
      faults += 1;
      process.stderr.write(`${file}:${number || "name"} "${found.trim()}": write ${instead}\n`);
    }
  }
}
if (faults > 0) {
  process.stderr.write(`${faults} unclear words.\n`);
  process.exitCode = 1;
}
