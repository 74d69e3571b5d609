import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { harnesses } from "../harness/index.ts";
import { rules } from "../rules.ts";
import { browserOutcome } from "./browser-run.ts";
import { reportOfAdapter } from "./compose.ts";
import { pageOf } from "./page.ts";
import { hasFailed, lineOf, type Outcome, textOf } from "./report.ts";
import { sessionFrom } from "./saved-state.ts";

const [rule] = rules;
const demo = harnesses.find(({ adapter }) => adapter.id === "demo")!;
const passed: Outcome = { status: "passed", detail: null };
const failed: Outcome = { status: "failed", detail: "it <broke>" };

describe("the report of an adapter", () => {
  it("has a line for each rule and layer, with why one does not apply", async () => {
    const report = await reportOfAdapter(demo, { ran: null });
    expect(report.lines).toHaveLength(rules.flatMap(({ layers }) => layers).length);
    expect(hasFailed(report)).toBe(false);
    const text = textOf(report);
    expect(text).toMatch(/n\/a +CB-8 .*\n +needs iss: the adapter is its own provider/);
    expect(text).toMatch(/demo: \d+ passed, 0 failed, \d+ n\/a, \d+ not run$/);
  }, 30_000);

  it("shows an allowed failure, and fails for an entry that is no longer needed", () => {
    const allowed = [{ rule: rule!.id, reason: "the provider cannot" }];
    const layer = rule!.layers[0]!;
    expect(lineOf(rule!, layer, failed, allowed)).toMatchObject({
      status: "deviates",
      detail: "the provider cannot (it <broke>)",
    });
    expect(lineOf(rule!, layer, passed, allowed).status).toBe("failed");
    expect(lineOf(rule!, layer, failed, []).status).toBe("failed");
  });

  it("is a page on which nothing of a failure is markup", () => {
    const page = pageOf({ subject: "a", at: "now", lines: [lineOf(rule!, "site", failed, [])] });
    expect(page).toContain("it &lt;broke&gt;");
  });
});

describe("a rule of the browser layer", () => {
  const proof = {
    file: "live/faults.spec.ts",
    title: "429 with Retry-After in seconds: not one call before that",
  };
  it("is kept when its tests ran and passed, and no other way", () => {
    expect(browserOutcome("TOK-7", [{ ...proof, ok: true }])).toEqual(passed);
    expect(browserOutcome("TOK-7", [{ ...proof, ok: false }]).status).toBe("failed");
    expect(browserOutcome("TOK-7", [])).toEqual({
      status: "failed",
      detail: "did not run: 429 with Retry-After in ",
    });
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
    expect(sessionFrom(path, "https://usage.example.com")).toBe("mine=v; wide=v");
    expect(sessionFrom(path, "https://app.example.org")).toBeNull();
  });

  it.each([
    ["{}", /state\.json is no sign-in state/],
    ["not JSON", /state\.json cannot be read/],
    [null, /state\.json cannot be read: ENOENT/],
  ])("is told by name when it holds %j", (content, told) => {
    const path = join(mkdtempSync(join(tmpdir(), "state-")), "state.json");
    if (content !== null) writeFileSync(path, content);
    expect(() => sessionFrom(path, "https://usage.example.com")).toThrow(told);
  });
});
