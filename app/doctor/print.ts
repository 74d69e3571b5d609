/** The report, for people and for programs. */
import type { Line } from "./doctor.ts";
import type { Finding } from "./finding.ts";

type Status = Finding["status"];

const COLOURS: Record<Status, string> = { ok: "32", warning: "33", failure: "31;1" };

/** One line for each finding, what to do about it below, and a sum at the end. */
export function printReport(lines: readonly Line[], { colours }: { colours: boolean }): string {
  const width = Math.max(...lines.map(({ check }) => check.length));
  const paint = (status: Status, text: string) => (colours ? `\x1b[${COLOURS[status]}m${text}\x1b[0m` : text);
  const printed = lines.map((line) => {
    const head = `${paint(line.status, line.status.padEnd(7))}  ${line.check.padEnd(width)}  ${plain(sentence(line))}`;
    return line.todo ? `${head}\n${" ".repeat(width + 11)}→ ${plain(line.todo)}` : head;
  });
  const { ok, warnings, failures } = sum(lines);
  return `${printed.join("\n")}\n\nok: ${ok}, warnings: ${warnings}, failures: ${failures}\n`;
}

/** `{ok, summary, findings}`; `ok` is false when there is a failure. */
export function jsonReport(lines: readonly Line[]): string {
  const summary = sum(lines);
  return `${JSON.stringify({ ok: summary.failures === 0, summary, findings: lines }, null, 2)}\n`;
}

export function sum(lines: readonly Line[]) {
  const count = (status: Status) => lines.filter((line) => line.status === status).length;
  return { ok: count("ok"), warnings: count("warning"), failures: count("failure") };
}

const sentence = ({ variables, found }: Line) => [variables.join(", "), found].filter(Boolean).join(" ");

/** Nothing that somebody else's server sent may move the cursor of a terminal. */
const plain = (text: string) => text.replace(/\p{Cc}/gu, " ");
