/** `npm run starter -- <adapter> <directory>` */
import { resolve } from "node:path";
import { Refusal, writeStarter } from "./write.ts";

const [adapter, directory, ...rest] = process.argv.slice(2);

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

if (!adapter || !directory || rest.length > 0)
  fail("Usage: npm run starter -- <adapter> <directory>, e.g. npm run starter -- github ../usage-dashboard");
// npm runs this in the tree, whichever folder the command was given in.
const target = resolve(process.env["INIT_CWD"] ?? ".", directory);
try {
  await writeStarter(adapter, target);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  fail(error.message);
}
console.log(`Written to ${target}. Next: cd there, then npm ci && npm run demo.`);
