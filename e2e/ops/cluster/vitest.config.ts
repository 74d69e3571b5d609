import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["e2e/ops/cluster/*.check.ts"],
    globalSetup: ["e2e/ops/cluster/deployment.ts"],
    // Most of it is waiting.
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
