/** What a browser must load for the dashboard, measured in the build and held to a budget. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
}
type Manifest = Record<string, Chunk>;

/** In bytes after gzip. */
export interface Sizes {
  /** Entry, root and dashboard route with all they import: everything that is asked for before the chart is. */
  "JavaScript before the chart": number;
  /** What the chart adds to that. */
  "the chart": number;
  /** What the live engine adds; asked for together with the chart, once the page is hydrated. */
  "the live engine": number;
  CSS: number;
}

const BUDGET: Sizes = {
  "JavaScript before the chart": 100_000,
  "the chart": 110_000,
  "the live engine": 16_000,
  CSS: 12_000,
};

/** @param build where `npm run build` puts everything */
export function sizesOf(build: string): Sizes {
  const manifest: Manifest = JSON.parse(readFileSync(`${build}/.vite/client-manifest.json`, "utf8"));
  const page = closure(manifest, ["app/entry.client.tsx", "app/root.tsx", "app/routes/dashboard.tsx"]);
  const added = (source: string) =>
    closure(manifest, [source]).filter((chunk) => !page.some(({ file }) => file === chunk.file));
  const bytes = (files: string[]) =>
    [...new Set(files)].reduce(
      (sum, file) => sum + gzipSync(readFileSync(`${build}/client/${file}`)).length,
      0,
    );
  const scripts = (chunks: Chunk[]) => bytes(chunks.map(({ file }) => file));
  return {
    "JavaScript before the chart": scripts(page),
    "the chart": scripts(added("app/components/chart/line.tsx")),
    "the live engine": scripts(added("app/usage/runtime.ts")),
    CSS: bytes(page.flatMap(({ css = [] }) => css)),
  };
}

/** The chunks of these sources and of all that they import statically. */
function closure(manifest: Manifest, sources: string[]): Chunk[] {
  const chunks = new Map<string, Chunk>();
  const visit = (key: string) => {
    const chunk = manifest[key];
    if (!chunk) throw new Error(`The build's manifest does not know ${key}`);
    if (chunks.has(key)) return;
    chunks.set(key, chunk);
    chunk.imports?.forEach(visit);
  };
  // Remix asks for a route with a query after its path, and may build it both with and without.
  for (const source of sources) {
    const keys = Object.keys(manifest).filter((key) => key === source || key.startsWith(`${source}?`));
    if (keys.length === 0) throw new Error(`The build's manifest does not know ${source}`);
    keys.forEach(visit);
  }
  return [...chunks.values()];
}

/** One line per part; `fits` is false when any is over its budget. */
export function measured(sizes: Sizes): { fits: boolean; lines: string[] } {
  const parts = Object.entries(BUDGET).map(([part, most]) => {
    const bytes = sizes[part as keyof Sizes];
    const kilobytes = (count: number) => `${(count / 1_000).toFixed(1)} kB`;
    return { over: bytes > most, line: `${part}: ${kilobytes(bytes)} of ${kilobytes(most)} gzip` };
  });
  return {
    fits: parts.every(({ over }) => !over),
    lines: parts.map(({ over, line }) => (over ? `${line}: TOO LARGE` : line)),
  };
}

/** Ends the process when a build is over budget. */
export function holdSizes(build: string): void {
  const { fits, lines } = measured(sizesOf(build));
  console.log(lines.map((line) => `size: ${line}`).join("\n"));
  if (!fits) process.exit(1);
}
