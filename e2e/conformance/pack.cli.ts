/** `npm run conformance:pack`: the suite for apps as one tarball, which runs without this repository. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { jsonSchema } from "./run/description.ts";

const FOLDER = ".cache/conformance-pack";
const { version, license } = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, string>;
const playwright = JSON.parse(readFileSync("node_modules/playwright-core/package.json", "utf8"))
  .version as string;

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(join(FOLDER, "examples"), { recursive: true });
await build({
  stdin: {
    contents: `import { runCommand } from "./e2e/conformance/run/app-command.ts";
process.exit(await runCommand(process.argv.slice(2)));`,
    resolveDir: process.cwd(),
    loader: "ts",
  },
  outfile: join(FOLDER, "cli.mjs"),
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  // Playwright's core is the part without a test runner; it cannot be bundled.
  alias: { playwright: "playwright-core" },
  external: ["playwright-core"],
  banner: {
    js: `#!/usr/bin/env node
import { createRequire as ringsideRequire } from "node:module";
const require = ringsideRequire(import.meta.url);`,
  },
  logLevel: "warning",
});
const manifest = {
  name: "ringside-conformance",
  version,
  description: "Holds a Ringside usage dashboard, in any framework, to numbered rules.",
  license,
  type: "module",
  bin: { "ringside-conformance": "cli.mjs" },
  engines: { node: ">=20.12" },
  dependencies: { "playwright-core": playwright },
};
const write = (file: string, value: object) =>
  writeFileSync(join(FOLDER, file), `${JSON.stringify(value, null, 2)}\n`);
write("package.json", manifest);
write("conformance.schema.json", jsonSchema());
copyFileSync("docs/conformance.md", join(FOLDER, "README.md"));
copyFileSync("LICENSE", join(FOLDER, "LICENSE"));
for (const file of ["tutorial.mjs", "tutorial.json", "holes.mjs", "github-workflow.yml", "gitlab-ci.yml"])
  copyFileSync(join("e2e/conformance/subjects", file), join(FOLDER, "examples", file));
const packed = execFileSync("npm", ["pack", "--silent", `./${FOLDER}`], { encoding: "utf8" }).trim();
console.log(packed.split("\n").at(-1));
