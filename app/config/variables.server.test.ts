import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { variables } from "./variables.server.ts";

const readme = readFileSync("README.md", "utf8").split("\n");
const example = readFileSync(".env.example", "utf8").split("\n");
const all = Object.values(variables);

describe.each(all)("the documents on $name", ({ name, unset, meaning }) => {
  it("have its row in the README's table, with its default and its line", () => {
    expect(readme).toContain(`| \`${name}\` | ${unset} | ${meaning} |`);
  });

  it("have its line in .env.example, with its default where it has one", () => {
    const [, value] = example.find((line) => line.startsWith(`${name}=`))?.split(/=(.*)/s) ?? [];
    const fallback = /^`(.*)`$/.exec(unset)?.[1];
    // Two hold an example, as the app does not start without them; MOCKS is empty, since `off` is no value of it.
    const expected = { APP_ORIGIN: "https://usage.example.com", AUTH_ADAPTERS: "github", MOCKS: "" }[name];
    expect(value).toBe(expected ?? fallback ?? "");
  });
});

it("the README's table has no row about a variable that does not exist", () => {
  const start = readme.indexOf("| variable | default | meaning |");
  const rows = readme.slice(start + 2, readme.indexOf("", start));
  const names = rows.map((row) => /^\| `([A-Z_]+)`/.exec(row)?.[1]);
  expect(names.slice(0, -1)).toEqual(all.map(({ name }) => name));
});
