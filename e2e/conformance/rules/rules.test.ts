import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { deviations } from "../report/deviations.ts";
import { harnesses } from "../run/harness.ts";
import { layersOf } from "./define.ts";
import { rules, rulesOf } from "./index.ts";

const E2E = new URL("../../", import.meta.url);

/** The rules that tests of the browser layer are tagged with. */
function taggedRules(): string[] {
  const specs = readdirSync(E2E, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".spec.ts"),
  );
  const text = specs
    .filter((file) => !file.startsWith("conformance/"))
    .map((file) => readFileSync(new URL(file, E2E), "utf8"))
    .join("\n");
  return [...new Set([...text.matchAll(/"@([A-Z]+-\d+)"/g)].map(([, id = ""]) => id))].sort();
}

describe("the rules", () => {
  it("have one id each", () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^(START|CB|ID|SES|MINT|CUS|KEY|TOK|USE|XO)-[1-9]\d*$/);
  });

  it("have a check each", () => {
    expect(rules.filter((rule) => layersOf(rule).length === 0)).toEqual([]);
  });

  it("of the browser layer are those that specs are tagged with", () => {
    expect(taggedRules()).toEqual(
      rulesOf("browser")
        .map(({ id }) => id)
        .sort(),
    );
  });

  it("are listed in docs/conformance.md as they are", () => {
    const document = readFileSync(new URL("../docs/conformance.md", E2E), "utf8");
    const rows = document.split("\n").filter((line) => /^\| <a id="[a-z]+-\d+"/.test(line));
    expect(rows).toEqual(
      rules.map((rule) => {
        const { id, sentence, catches, needs = [], app } = rule;
        return `| <a id="${id.toLowerCase()}"></a>${id} | ${sentence} | ${catches} | ${app?.fix ?? ""} | ${layersOf(rule).join(", ")} | ${app?.profile ?? ""} | ${needs.join(", ")} |`;
      }),
    );
  });
});

describe("a deviation", () => {
  it("is of an adapter and a rule that exist, and says why", () => {
    for (const [adapterId, entries] of Object.entries(deviations)) {
      expect(harnesses.map(({ adapter }) => adapter.id)).toContain(adapterId);
      for (const { rule, reason } of entries) {
        expect(rules.map(({ id }) => id)).toContain(rule);
        expect(reason.length).toBeGreaterThan(20);
      }
    }
  });
});
