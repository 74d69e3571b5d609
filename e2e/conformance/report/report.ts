/** What came of holding an adapter or an app to the rules, as text, HTML, JUnit and a badge. */
import type { Layer, Rule } from "../rules/define.ts";
import type { Deviation } from "./deviations.ts";

export type Status = "passed" | "failed" | "advice" | "deviates" | "not_applicable" | "not_run";

export interface Line {
  id: string;
  layer: Layer;
  sentence: string;
  status: Status;
  /** What broke the rule, or why it was not judged; null for a rule that holds. */
  detail: string | null;
  /** For a failure or advice: why it matters, and what to change. */
  catches?: string;
  fix?: string;
}

export interface Report {
  /** An adapter's id or an app's address. */
  subject: string;
  at: string;
  lines: Line[];
  /** What went wrong in the suite itself. */
  faults?: string[];
}

export interface Outcome {
  status: "passed" | "failed" | "not_applicable" | "not_run";
  detail: string | null;
}

/** Weighs an outcome against the deviations: an allowed failure is shown, an entry without one is a failure. */
export function lineOf(
  rule: Rule,
  layer: Layer,
  outcome: Outcome,
  allowed: readonly Deviation[],
  first = true,
): Line {
  const { id, sentence } = rule;
  const deviation = allowed.find((entry) => entry.rule === id);
  const line = { id, layer, sentence };
  if (deviation && outcome.status === "failed")
    return { ...line, status: "deviates", detail: `${deviation.reason} (${outcome.detail})` };
  if (deviation && outcome.status === "passed" && first)
    return {
      ...line,
      status: "failed",
      detail: "it holds, and deviations.ts says it does not: remove the entry",
    };
  return { ...line, ...outcome };
}

export const hasFailed = ({ lines }: Report) => lines.some(({ status }) => status === "failed");

const order: readonly Status[] = ["passed", "failed", "advice", "deviates", "not_applicable", "not_run"];
const labels: Record<Status, string> = {
  passed: "passed",
  failed: "FAILED",
  advice: "advice",
  deviates: "deviates",
  not_applicable: "n/a",
  not_run: "not run",
};

const countOf = ({ lines }: Report, status: Status) => lines.filter((line) => line.status === status).length;

/** `github: 42 passed, 0 failed, 5 n/a`. */
function summaryOf(report: Report): string {
  const shown = order
    .map((status) => ({ status, count: countOf(report, status) }))
    .filter(
      ({ status, count }) => count > 0 || status === "passed" || status === "failed" || status === "not_run",
    );
  return `${report.subject}: ${shown.map(({ status, count }) => `${count} ${labels[status].toLowerCase()}`).join(", ")}`;
}

/** Where the rule is explained. */
const addressOf = (id: string) => `docs/conformance.md#${id.toLowerCase()}`;

export function textOf(report: Report): string {
  const indent = " ".repeat(18);
  const rows = report.lines.map(({ id, layer, sentence, status, detail, catches, fix }) => {
    const head = `${labels[status].padEnd(8)} ${id.padEnd(8)} ${layer === "app" ? "" : `${layer.padEnd(8)} `}${sentence}`;
    const more = [
      detail &&
        `${status === "failed" || status === "advice" ? "found: " : ""}${detail.replaceAll("\n", " ")}`,
      catches && `why:   it allows ${catches}`,
      fix && `→ ${fix} (${addressOf(id)})`,
    ].filter(Boolean);
    return [head, ...more.map((line) => indent + line)].join("\n");
  });
  const faults = (report.faults ?? []).map((fault) => `The suite itself failed: ${fault}`);
  return [...rows, "", ...faults, summaryOf(report)].join("\n");
}

const html = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** One page without scripts, which fits a phone. */
export function pageOf(report: Report): string {
  const rows = report.lines.map(({ id, layer, sentence, status, detail, catches, fix }) => {
    const notes = [detail, catches && `Why: it allows ${catches}.`, fix && `Change: ${fix}`].filter(Boolean);
    return `<tr class="${status}" id="${id.toLowerCase()}"><th scope="row">${id}<br><small>${layer}</small></th><td>${labels[status]}</td><td>${html(sentence)}${notes.map((note) => `<br><small>${html(String(note))}</small>`).join("")}</td></tr>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Conformance of ${html(report.subject)}</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
  table { border-collapse: collapse; width: 100%; }
  th, td { padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; }
  th { white-space: nowrap; }
  tr { border-top: 1px solid color-mix(in srgb, currentcolor 15%, transparent); }
  .failed td:nth-child(2) { font-weight: bold; color: light-dark(#b00020, #ff8a80); }
  .advice td:nth-child(2) { color: light-dark(#8a5a00, #ffcf70); }
  .not_applicable, .not_run { opacity: .65; }
</style>
<h1>Conformance of ${html(report.subject)}</h1>
<p>${html(summaryOf(report))}, ${html(report.at)}</p>
<table>
<thead><tr><th scope="col">Rule</th><th scope="col">Result</th><th scope="col">What must hold</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</html>
`;
}

/** For the test view of CI systems. Rules that did not run are skipped tests, with the reason. */
export function junitOf(report: Report): string {
  const cases = report.lines.map(({ id, sentence, status, detail, fix }) => {
    const text = html((detail ?? "").replace(/\p{Cc}/gu, " "));
    const inner =
      status === "failed"
        ? `<failure message="${text}">${html(fix ?? "")}</failure>`
        : status === "not_run" || status === "not_applicable"
          ? `<skipped message="${text}"/>`
          : status === "passed"
            ? ""
            : `<system-out>${text}</system-out>`;
    return `    <testcase classname="ringside.conformance" name="${html(`${id} ${sentence}`)}">${inner}</testcase>`;
  });
  const skipped = countOf(report, "not_run") + countOf(report, "not_applicable");
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="${html(report.subject)}" tests="${report.lines.length}" failures="${countOf(report, "failed")}" errors="0" skipped="${skipped}" timestamp="${report.at}">
${cases.join("\n")}
  </testsuite>
</testsuites>
`;
}

/** A line of Markdown for a README. */
export function badgeOf(report: Report): string {
  const failed = countOf(report, "failed");
  const text = failed > 0 ? `${failed} failed` : `${countOf(report, "passed")} passed`;
  const label = encodeURIComponent("ringside conformance");
  return `![ringside conformance: ${text}](https://img.shields.io/badge/${label}-${encodeURIComponent(text)}-${failed > 0 ? "red" : "brightgreen"})`;
}
