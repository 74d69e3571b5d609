/** What came of holding an adapter or a site to the rules. */
import type { Deviation } from "../deviations.ts";
import type { Layer, Rule } from "../rules.ts";

export type Status = "passed" | "failed" | "deviates" | "not_applicable" | "not_run";

export interface Line {
  id: string;
  layer: Layer;
  sentence: string;
  status: Status;
  /** What broke the rule, why it does not apply, or why it deviates; null for a rule that was kept. */
  detail: string | null;
}

export interface Report {
  /** An adapter's id or a site's origin. */
  subject: string;
  at: string;
  lines: Line[];
}

export interface Outcome {
  status: "passed" | "failed" | "not_applicable" | "not_run";
  detail: string | null;
}

/** Weighs an outcome against the deviations: an allowed failure is shown, an entry without one is a failure. */
export function lineOf(rule: Rule, layer: Layer, outcome: Outcome, allowed: readonly Deviation[]): Line {
  const { id, sentence } = rule;
  const deviation = allowed.find((entry) => entry.rule === id);
  const line = { id, layer, sentence };
  if (deviation && outcome.status === "failed")
    return { ...line, status: "deviates", detail: `${deviation.reason} (${outcome.detail})` };
  if (deviation && outcome.status === "passed" && layer === rule.layers[0])
    return { ...line, status: "failed", detail: "kept, and deviations.ts says it is not: remove the entry" };
  return { ...line, ...outcome };
}

export const hasFailed = ({ lines }: Report) => lines.some(({ status }) => status === "failed");

const order: readonly Status[] = ["passed", "failed", "deviates", "not_applicable", "not_run"];
export const labels: Record<Status, string> = {
  passed: "passed",
  failed: "FAILED",
  deviates: "deviates",
  not_applicable: "n/a",
  not_run: "not run",
};

/** `github: 42 passed, 0 failed, 5 n/a`. */
export function summaryOf({ subject, lines }: Report): string {
  const counts = order.map((status) => ({
    status,
    count: lines.filter((line) => line.status === status).length,
  }));
  const shown = counts.filter(({ status, count }) => count > 0 || status === "passed" || status === "failed");
  return `${subject}: ${shown.map(({ status, count }) => `${count} ${labels[status].toLowerCase()}`).join(", ")}`;
}

export function textOf(report: Report): string {
  const left = report.lines.filter(({ status }) => status === "not_run").map(({ id }) => id);
  const shown = report.lines.filter(({ status }) => status !== "not_run");
  const rows = shown.map(({ id, layer, sentence, status, detail }) => {
    const head = `${labels[status].padEnd(8)} ${id.padEnd(8)} ${layer.padEnd(8)} ${sentence}`;
    return detail === null ? head : `${head}\n${" ".repeat(27)}${detail.replaceAll("\n", " ")}`;
  });
  const notRun = left.length === 0 ? [] : [`not run  ${[...new Set(left)].join(" ")}`];
  return [...rows, ...notRun, "", summaryOf(report)].join("\n");
}
