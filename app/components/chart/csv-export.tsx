import type { DailyUsage } from "#app/ringside/contract.ts";
import { DownloadIcon } from "../icons.tsx";
import { text } from "../text.ts";
import { button } from "../ui.tsx";

/** Saves the days shown as a file, made in the browser: no server sees it. */
export function ExportCsv({ days }: { days: DailyUsage[] }) {
  function save() {
    const url = URL.createObjectURL(new Blob([usageCsv(days)], { type: "text/csv;charset=utf-8" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `usage-${days[0]?.date}-to-${days.at(-1)?.date}.csv`;
    link.click();
    URL.revokeObjectURL(url);
  }
  return (
    <button type="button" onClick={save} className={`needs-scripts ${button.outline}`}>
      <DownloadIcon />
      {text.chart.csv}
    </button>
  );
}

/** Comma-separated values as RFC 4180 has them. */

export type Cell = string | number;

/** Rows to CSV text, each line ended with CRLF. Numbers must be finite; text is never run as a formula. */
export const csvOf = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(cellText).join(",")}\r\n`).join("");

function cellText(cell: Cell): string {
  if (typeof cell === "number") return numberText(cell);
  // A spreadsheet takes text that begins with one of these as a formula, even inside quotes (OWASP: CSV injection).
  const harmless = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Up to 12 decimals, never an exponent, and no dust of binary sums such as 0.30000000000000004. */
const numberText = (value: number) => value.toFixed(12).replace(/\.?0+$/, "");

/** A day per line, oldest first, with plain numbers that any program reads. */
export const usageCsv = (days: readonly DailyUsage[]): string =>
  csvOf([
    ["date_utc", "spend_usd", "requests"],
    ...days.map((day) => [day.date, day.spendUsd, day.requestCount]),
  ]);
