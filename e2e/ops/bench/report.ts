/** The figures of a run, as a table for people and as what has to hold. */
import { type Memory, megabytes } from "./app-metrics.ts";
import type { Summary } from "./rounds.ts";

export interface Report {
  node: string;
  cores: number;
  bare: Summary;
  mint: Summary;
  dashboard: Summary;
  startUpMs: { app: number; bare: number };
  /** Bytes. */
  memory: { atRest: Memory; perThousandSessions: Memory };
}

/** What plain `remix-serve` reached was 0.08. */
const LEAST_RATIO = 0.15;
const MOST_P99_IN_P50S = 10;

export function table({ node, cores, bare, mint, dashboard, startUpMs, memory }: Report): string {
  const row = (name: string, { perSecond, p50Ms, p99Ms }: Summary) => [
    name,
    perSecond.toFixed(0),
    (perSecond / bare.perSecond).toFixed(2),
    p50Ms.toFixed(1),
    p99Ms.toFixed(1),
    (p99Ms / p50Ms).toFixed(1),
  ];
  const { atRest, perThousandSessions } = memory;
  return [
    `Node ${node}, ${cores} cores`,
    "",
    ...aligned([
      ["", "per second", "of the bare proxy", "p50 ms", "p99 ms", "p99 / p50"],
      row("bare Node proxy", bare),
      row("mint a Client Token", mint),
      row("the dashboard's HTML", dashboard),
    ]),
    "",
    ...aligned([
      ["", "app", "bare proxy", "ratio"],
      [
        "start-up, ms",
        startUpMs.app.toFixed(0),
        startUpMs.bare.toFixed(0),
        (startUpMs.app / startUpMs.bare).toFixed(1),
      ],
    ]),
    "",
    ...aligned([
      ["memory, MB", "resident", "in use"],
      ["after start", ...figures(atRest)],
      ["per 1,000 sessions", ...figures(perThousandSessions)],
    ]),
  ].join("\n");
}

const figures = ({ resident, heap }: Memory) => [resident, heap].map((bytes) => megabytes(bytes).toFixed(1));

/** What does not hold, in sentences. */
export function verdict({ bare, mint }: Report): string[] {
  const faults: string[] = [];
  const ratio = mint.perSecond / bare.perSecond;
  if (!(ratio >= LEAST_RATIO)) faults.push(`The mint route reaches ${ratio.toFixed(3)} of the bare proxy.`);
  if (!(mint.p99Ms < MOST_P99_IN_P50S * mint.p50Ms))
    faults.push(`The mint route's p99 is ${(mint.p99Ms / mint.p50Ms).toFixed(1)} times its p50.`);
  return faults;
}

function aligned(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("   "),
  );
}
