/** The report as one HTML file that needs nothing else. */
import { html } from "#mocks/identity/parts/pages.ts";
import { labels, type Report, summaryOf } from "./report.ts";

/** A failure quotes what a provider or a site has said, so all of it is escaped. */
export function pageOf(report: Report): string {
  const rows = report.lines.map(
    ({ id, layer, sentence, status, detail }) =>
      `<tr class="${status}"><th scope="row">${id}</th><td>${layer}</td><td>${labels[status]}</td><td>${html(sentence)}${detail === null ? "" : `<br><small>${html(detail)}</small>`}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Conformance of ${html(report.subject)}</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; }
  tr { border-top: 1px solid color-mix(in srgb, currentcolor 15%, transparent); }
  .failed td:nth-child(3) { font-weight: bold; color: light-dark(#b00020, #ff8a80); }
  .not_applicable, .not_run { opacity: .65; }
</style>
<h1>Conformance of ${html(report.subject)}</h1>
<p>${html(summaryOf(report))}, ${html(report.at)}</p>
<table>
<thead><tr><th scope="col">Rule</th><th scope="col">Layer</th><th scope="col">Outcome</th><th scope="col">What must hold</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</html>
`;
}
