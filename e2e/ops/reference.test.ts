import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import routes from "#app/routes.ts";
import { REFERENCE, withTables } from "./reference.ts";

const reference = readFileSync(REFERENCE, "utf8");

it("docs/reference.md has the tables of the code; else run `npm run reference`", () => {
  expect(withTables(reference)).toBe(reference);
});

it.each(routes.map(({ path = "" }) => `/${path}`))("docs/reference.md tells what %s answers", (path) => {
  const rows = reference.split("\n").filter((line) => /^\| `(GET|POST)/.test(line));
  expect(rows.flatMap((row) => row.split(" | ")[0]?.match(/\/[^\s`]*/g) ?? [])).toContain(path);
});
