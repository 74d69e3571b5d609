import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

describe("npm start", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "npm-start-"));
    copyFileSync("package.json", join(folder, "package.json"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const start = (env: Record<string, string> = {}) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const options = {
        cwd: folder,
        env: { PATH: process.env["PATH"], NODE_ENV: undefined, ...env } as unknown as NodeJS.ProcessEnv,
      };
      execFile("npm", ["start", "--silent"], options, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), output: stdout + stderr }),
      );
    });
  const buildServer = () =>
    build({ entryPoints: ["server.ts"], platform: "node", format: "esm", outdir: join(folder, "build") });

  it("says to build when there is no build", async () => {
    const { code, output } = await start();
    expect(output.trim()).toBe("There is no build. Run: npm run build");
    expect(code).toBe(1);
  });

  it("says so too when the build is not whole", async () => {
    await buildServer();
    const { code, output } = await start();
    expect(output.trim()).toBe("There is no build. Run: npm run build");
    expect(code).toBe(1);
  });

  it.each(["staging", "development", " production"])(
    "is for production with NODE_ENV=%j",
    async (NODE_ENV) => {
      await buildServer();
      mkdirSync(join(folder, "build/server"));
      writeFileSync(
        join(folder, "build/server/index.js"),
        "export const entry = { module: { serve: () => console.log(JSON.stringify(process.env.NODE_ENV)) } };",
      );
      expect(await start({ NODE_ENV })).toEqual({ code: 0, output: '"production"\n' });
    },
  );
});
