/** The tables of docs/reference.md that follow from the code: variables, variables of the adapters, problem codes. */
import { registry, shapeOf } from "#adapters/registry.ts";
import { variables } from "#app/config/variables.server.ts";
import { problems } from "#app/server/problem.server.ts";

export const REFERENCE = "docs/reference.md";

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Links in a variable's line lead from the tree's root; the reference is one folder down. */
const fromDocs = (text: string) => text.replaceAll("](docs/", "](");

const tables = (): Record<string, string> => ({
  variables: table(
    ["variable", "default", "meaning"],
    Object.values(variables).map(({ name, unset, meaning }) => [`\`${name}\``, unset, fromDocs(meaning)]),
  ),
  adapters: table(
    ["adapter", "variable", "default"],
    registry.all.flatMap((adapter) =>
      Object.entries(shapeOf(adapter)).map(([name, field]) => [
        `\`${adapter.id}\``,
        `\`${name}\``,
        defaultOf(field.safeParse(undefined)),
      ]),
    ),
  ),
  codes: table(
    ["code", "status", "says"],
    Object.entries(problems).map(([code, [status, title]]) => [`\`${code}\``, String(status), title]),
  ),
});

function defaultOf({ success, data }: { success: boolean; data?: unknown }): string {
  if (!success) return "required";
  if (data === undefined || data === null) return "none";
  return `\`${data instanceof URL ? data.href.replace(/\/$/, "") : String(data)}\``;
}

/** @returns the same text, with each table between `<!-- <name>: npm run reference -->` and `<!-- end -->` written anew */
export function withTables(text: string): string {
  return Object.entries(tables()).reduce((written, [name, rows]) => {
    const place = new RegExp(`(<!-- ${name}: [^>]*-->\n)[^]*?(<!-- end -->)`);
    if (!place.test(written)) throw new Error(`${REFERENCE} has no place for the table "${name}"`);
    return written.replace(place, (_, start: string, end: string) => `${start}${rows}\n${end}`);
  }, text);
}
