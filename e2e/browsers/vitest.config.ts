import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["e2e/browsers/*.check.ts"],
    // One browser at a time, on ports of its own beside the end-to-end suite's.
    maxWorkers: 1,
    env: { E2E_PORT: process.env["E2E_PORT"] ?? "3160" },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
