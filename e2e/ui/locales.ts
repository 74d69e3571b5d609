/** Numbers and days as the app writes them, in Node and, from the same source, in a browser. */
import { formatFor } from "#app/components/format.tsx";

const amounts = [0, 1e-12, 0.0042, 0.5, 12.3456, 1_234.5, 12_345.678, 1_234_567.8, 2.5e9, -3.1];
const ratios = [0, 0.004, 0.38, 1.2, 12.5];
const days = Array.from(
  { length: 12 },
  (_, month) => `2026-${String(month + 1).padStart(2, "0")}-0${(month % 9) + 1}`,
);

/** Every kind of text that a page has in one locale. */
export function samplesOf(locale: string): string[] {
  const { money, ...format } = formatFor(locale);
  return [
    ...amounts.flatMap((usd) => [
      money.amount(usd),
      money.rough(usd),
      ...Object.values({ ...money.split(usd) }),
      money.tick(usd, 500),
      money.tick(usd, 2_000),
      format.count(Math.trunc(usd)),
      format.shortCount(Math.trunc(usd)),
    ]),
    ...ratios.map(format.percent),
    ...days.flatMap((day) => [format.day(day), format.date(day), format.weekday(day), format.month(day)]),
  ];
}

/** A script that defines `samplesOf` in a browser. */
export async function samplesScript(): Promise<string> {
  // Imported here: the script that it makes contains this file.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: {
      contents: `import { samplesOf } from "./locales.ts"; globalThis.samplesOf = samplesOf;`,
      resolveDir: "e2e/ui",
    },
    bundle: true,
    write: false,
    format: "iife",
    define: { "process.env.NODE_ENV": '"production"' },
    external: ["esbuild"],
    minify: true,
  });
  return outputFiles[0]?.text ?? "";
}
