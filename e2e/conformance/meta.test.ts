import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { browserProofs } from "./browser/proofs.ts";
import { contractChecks } from "./contract/checks.ts";
import { deviations } from "./deviations.ts";
import { harnesses } from "./harness/index.ts";
import { type Layer, rules, rulesOf } from "./rules.ts";
import { siteChecks } from "./site/checks.ts";

/** A site to which every rule applies. */
const ANYBODY = { adapterId: "any", session: "any", mints: async () => [] };

const idsOf = (layer: Layer) =>
  rulesOf(layer)
    .map(({ id }) => id)
    .sort();

describe("the table of rules", () => {
  it("gives each id once", () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^(START|CB|ID|SES|MINT|TOK|XO)-[1-9]\d*$/);
  });

  it("proves each rule somewhere", () => {
    expect(rules.filter(({ layers }) => layers.length === 0)).toEqual([]);
  });
});

it("docs/conformance.md lists the rules as they are", () => {
  const document = readFileSync(new URL("../../docs/conformance.md", import.meta.url), "utf8");
  const rows = document.split("\n").filter((line) => /^\| [A-Z]+-\d+ \|/.test(line));
  expect(rows).toEqual(
    rules.map(
      ({ id, sentence, catches, layers, needs }) =>
        `| ${id} | ${sentence} | ${catches} | ${layers.join(", ")} | ${needs.join(", ")} |`,
    ),
  );
});

describe("every rule has a proof, and every proof a rule", () => {
  it("in the contract layer", () => {
    expect(Object.keys(contractChecks).sort()).toEqual(idsOf("contract"));
  });

  it("in the site layer", () => {
    const ids = siteChecks(ANYBODY).map(({ id }) => id);
    expect(ids.sort()).toEqual(idsOf("site"));
  });

  it("in the browser layer", () => {
    expect(Object.keys(browserProofs).sort()).toEqual(idsOf("browser"));
    expect(Object.values(browserProofs).filter((proofs) => proofs.length === 0)).toEqual([]);
  });
});

describe("a proof of the browser layer", () => {
  const proofs = Object.entries(browserProofs).flatMap(([id, all]) =>
    all.map(({ spec, title }) => [id, spec, title] as const),
  );
  it.each(proofs)("of %s is in %s: %s", (_id, spec, title) => {
    expect(readFileSync(new URL(`../${spec}`, import.meta.url), "utf8")).toContain(title);
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
