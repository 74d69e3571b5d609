import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { measured, sizesOf } from "./sizes.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sizes-"));
  mkdirSync(join(folder, ".vite"));
  mkdirSync(join(folder, "client"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const gzipped = (text: string) => gzipSync(text).length;

function build(manifest: object, files: Record<string, string>): void {
  writeFileSync(join(folder, ".vite/client-manifest.json"), JSON.stringify(manifest));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, "client", name), text);
}

const manifest = {
  "app/entry.client.tsx": { file: "entry.js", imports: ["_shared.js"] },
  "app/root.tsx?route": { file: "root.js", imports: ["_shared.js"], css: ["app.css"] },
  "app/routes/dashboard.tsx?route": { file: "dashboard.js", imports: ["_shared.js"] },
  "app/routes/sign-in.tsx?route": { file: "sign-in.js" },
  "_shared.js": { file: "shared.js" },
  "app/components/chart/line.tsx": { file: "line.js", imports: ["_shared.js", "_math.js"] },
  "_math.js": { file: "math.js" },
  "app/usage/runtime.ts": { file: "engine.js" },
};
const files = {
  "entry.js": "entry",
  "root.js": "the root",
  "dashboard.js": "a dashboard",
  "sign-in.js": "not on this page",
  "shared.js": "shared by all of them",
  "line.js": "a line",
  "math.js": "of the line's own",
  "engine.js": "an engine",
  "app.css": "body {}",
};

describe("sizes", () => {
  test("counts what the page imports once, and for the chart what it adds", () => {
    build(manifest, files);
    expect(sizesOf(folder)).toEqual({
      "JavaScript before the chart": ["entry.js", "root.js", "dashboard.js", "shared.js"]
        .map((name) => gzipped(files[name as keyof typeof files]))
        .reduce((sum, bytes) => sum + bytes),
      "the chart": gzipped(files["line.js"]) + gzipped(files["math.js"]),
      "the live engine": gzipped(files["engine.js"]),
      CSS: gzipped(files["app.css"]),
    });
  });

  test("a part that has moved is a fault, never a size of nothing", () => {
    const { "app/components/chart/line.tsx": _, ...moved } = manifest;
    build(moved, files);
    expect(() => sizesOf(folder)).toThrow("line.tsx");
  });

  test("one part over its budget is enough", () => {
    const fitting = {
      "JavaScript before the chart": 100_000,
      "the chart": 1,
      "the live engine": 1,
      CSS: 12_000,
    };
    expect(measured(fitting).fits).toBe(true);
    const { fits, lines } = measured({ ...fitting, CSS: 12_001 });
    expect(fits).toBe(false);
    expect(lines.filter((line) => line.includes("TOO LARGE"))).toEqual([
      "CSS: 12.0 kB of 12.0 kB gzip: TOO LARGE",
    ]);
  });
});
