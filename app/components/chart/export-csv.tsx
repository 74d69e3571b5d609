import type { DailyUsage } from "#app/ringside/contract.ts";
import { text } from "../text.ts";
import { button } from "../ui/button.ts";
import { DownloadIcon } from "../ui/icons.tsx";
import { usageCsv } from "./csv.ts";

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
