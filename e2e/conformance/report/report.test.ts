import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { layersOf } from "../rules/define.ts";
import { rules } from "../rules/index.ts";
import { harnesses } from "../run/harness.ts";
import { readState } from "../run/people.ts";
import { reportOfAdapter, specOutcome } from "./adapter-report.ts";
import { badgeOf, hasFailed, junitOf, lineOf, type Outcome, pageOf, type Report, textOf } from "./report.ts";

const [rule] = rules;
const demo = harnesses.find(({ adapter }) => adapter.id === "demo")!;
const passed: Outcome = { status: "passed", detail: null };
const failed: Outcome = { status: "failed", detail: "it <broke>" };

describe("the report of an adapter", () => {
  it("has a line for each rule and layer, with why one does not apply", async () => {
    const report = await reportOfAdapter(demo, { ran: null });
    expect(report.lines).toHaveLength(rules.flatMap(layersOf).length);
    expect(hasFailed(report)).toBe(false);
    const text = textOf(report);
    expect(text).toMatch(/n\/a +CB-8 .*\n +needs iss: the adapter is its own provider/);
    expect(text).toMatch(/demo: \d+ passed, 0 failed, \d+ n\/a, \d+ not run$/);
  }, 30_000);

  it("shows an allowed failure, and fails for an entry that is no longer needed", () => {
    const allowed = [{ rule: rule!.id, reason: "the provider cannot" }];
    const [layer] = layersOf(rule!) as ["contract"];
    expect(lineOf(rule!, layer, failed, allowed)).toMatchObject({
      status: "deviates",
      detail: "the provider cannot (it <broke>)",
    });
    expect(lineOf(rule!, layer, passed, allowed).status).toBe("failed");
    expect(lineOf(rule!, layer, failed, []).status).toBe("failed");
  });

  it("is a page on which nothing of a failure is markup", () => {
    const page = pageOf({ subject: "a", at: "now", lines: [lineOf(rule!, "app", failed, [])] });
    expect(page).toContain("it &lt;broke&gt;");
  });
});

describe("the other forms of a report", () => {
  const lines = [
    { ...lineOf(rule!, "app", failed, []), fix: "change <this>" },
    lineOf(rules[1]!, "app", { status: "not_run", detail: "no browser" }, []),
    lineOf(rules[2]!, "app", passed, []),
  ];
  const report: Report = { subject: "https://usage.example.com", at: "2026-11-25T00:00:00.000Z", lines };

  it("tell how many rules did not run, and what to change", () => {
    expect(textOf(report)).toMatch(/→ change <this> \(docs\/conformance\.md#[a-z]+-\d+\)/);
    expect(textOf(report)).toMatch(/: 1 passed, 1 failed, 1 not run$/);
  });

  it("are JUnit with failures and skipped tests, and a badge", () => {
    expect(junitOf(report)).toContain('tests="3" failures="1" errors="0" skipped="1"');
    expect(junitOf(report)).toContain('<failure message="it &lt;broke&gt;">');
    expect(junitOf(report)).toContain('<skipped message="no browser"/>');
    expect(badgeOf(report)).toContain("1%20failed-red");
  });
});

describe("a rule that specs are tagged with", () => {
  const spec = {
    file: "live/faults.spec.ts",
    title: "429 with Retry-After: not one call before that",
    tags: ["TOK-7", "redirect"],
  };
  it("holds when its tests ran and passed, and no other way", () => {
    expect(specOutcome("TOK-7", "browser", [{ ...spec, ok: true }])).toEqual(passed);
    expect(specOutcome("TOK-7", "browser", [{ ...spec, ok: false }]).status).toBe("failed");
    expect(specOutcome("TOK-7", "app", [{ ...spec, ok: true }]).status).toBe("failed");
    expect(specOutcome("TOK-7", "browser", [])).toEqual({ status: "failed", detail: "no test of it ran" });
  });
});

describe("a saved sign-in state", () => {
  it("gives the cookies of the site alone", () => {
    const path = join(mkdtempSync(join(tmpdir(), "state-")), "state.json");
    const cookie = (name: string, domain: string) => ({ name, value: "v", domain, path: "/" });
    const cookies = [
      cookie("mine", "usage.example.com"),
      cookie("wide", ".example.com"),
      cookie("other", "example.com"),
      cookie("evil", "evilusage.example.com"),
    ];
    writeFileSync(path, JSON.stringify({ cookies, origins: [] }));
    expect(readState(path, "https://usage.example.com").cookies.map(({ name }) => name)).toEqual([
      "mine",
      "wide",
    ]);
    expect(() => readState(path, "https://app.example.org")).toThrow(/holds no cookie of/);
  });

  it.each([
    ["{}", /state\.json is no sign-in state/],
    ["not JSON", /state\.json cannot be read/],
    [null, /state\.json cannot be read: ENOENT/],
  ])("is told by name when it holds %j", (content, told) => {
    const path = join(mkdtempSync(join(tmpdir(), "state-")), "state.json");
    if (content !== null) writeFileSync(path, content);
    expect(() => readState(path, "https://usage.example.com")).toThrow(told);
  });
});
