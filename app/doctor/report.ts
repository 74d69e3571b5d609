/** The report, for people and for programs. */
import { passwordsIn } from "#app/config/redis-url.server.ts";
import type { Finding, Line } from "./check.ts";
import type { Environment } from "./config.ts";

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

/** Removes control characters: text from another server must not move the terminal's cursor. */
const plain = (text: string) => text.replace(/\p{Cc}/gu, " ");

const SECRET = /(SECRET|KEY|PASSWORD|TOKEN)$/;

/** Second line of defence, since checks print no secret: replaces every secret of the environment, and every JWT. */
export function createRedact(env: Environment): (text: string) => string {
  const secrets = Object.entries(env)
    .flatMap(([name, value = ""]) => {
      if (SECRET.test(name)) return [value, ...value.split(",").map((part) => part.trim())];
      return passwordsIn(value);
    })
    // A word such as "id" would be cut out of sentences.
    .filter((secret) => secret.length >= 6)
    .sort((a, b) => b.length - a.length);
  return (text) =>
    secrets
      .reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text)
      .replace(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, "[redacted]");
}
