import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { registry, shapeOf } from "./registry.ts";

const folder = new URL("../docs/providers/", import.meta.url);
const read = (file: string) => readFileSync(new URL(file, folder), "utf8");

/** What each block that enables an adapter sets, with something in place of `<…>`. */
const recipes = readdirSync(folder).flatMap((file) =>
  [...read(file).matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = ""]): [string, string, Variables][] => {
    const lines = [...block.matchAll(/^([A-Z\d_]+)=(.*?)(?:\s+#.*)?$/gm)];
    const { AUTH_ADAPTERS: adapter, ...variables } = Object.fromEntries(
      lines.map(([, name = "", value = ""]) => [name, value.replace(/<[^>]+>/g, "x1")]),
    );
    return adapter ? [[file, adapter, variables]] : [];
  }),
);
type Variables = Record<string, string>;

describe("the recipes in docs/providers", () => {
  it("are one per provider, all in the table", () => {
    const files = readdirSync(folder).filter((file) => file !== "README.md");
    expect([...new Set(recipes.map(([file]) => file))]).toEqual(files);
    expect(
      [...read("README.md").matchAll(/^\| \[.*?\]\((.*?)\) \|/gm)].map(([, file]) => file).sort(),
    ).toEqual(files);
  });

  it.each(recipes)("give variables that the adapter takes: %s, %s", (_file, id, variables) => {
    const adapter = registry.find(id);
    expect(adapter?.env.safeParse(variables).error?.issues ?? []).toEqual([]);
    expect(Object.keys(variables).filter((name) => !(name in shapeOf(adapter!)))).toEqual([]);
  });

  it.each(["oidc", "jwt"])("explain every variable of %s", (id) => {
    const rows = [...read("README.md").matchAll(/^\| (`[A-Z_`, ]+`) \|/gm)].flatMap(([, names = ""]) =>
      names.split(", "),
    );
    const variables = Object.keys(shapeOf(registry.find(id)!));
    expect(rows.filter((name) => variables.includes(name.slice(1, -1)))).toEqual(
      variables.map((name) => `\`${name}\``),
    );
  });
});
