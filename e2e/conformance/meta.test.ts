import { describe, expect, it } from "vitest";
import { contractChecks } from "./contract/run.ts";
import { rules, rulesOf } from "./rules.ts";

const idsOf = (layer: Parameters<typeof rulesOf>[0]) => rulesOf(layer).map(({ id }) => id);

describe("the table of rules", () => {
  it("gives each id once, in the order of the families", () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^(START|CB|ID|SES|MINT|TOK|XO)-[1-9]\d*$/);
  });

  it("proves each rule somewhere", () => {
    expect(rules.filter(({ layers }) => layers.length === 0)).toEqual([]);
  });
});

describe("the contract layer", () => {
  it("has a check for each of its rules, and none without a rule", () => {
    expect(Object.keys(contractChecks).sort()).toEqual(idsOf("contract").sort());
  });
});
