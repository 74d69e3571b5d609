import { defineConfig } from "@playwright/test";
import type { IdentityMock } from "#mocks/identity/parts/mock.ts";
import { adaptersUnderTest, carrier, stack } from "./e2e/stack.ts";

/** Leaves out what an adapter cannot do: tests are tagged with the capabilities that they need. */
function projectOf({ adapterId: adapter, lacks }: IdentityMock, index: number) {
  const missing = Object.keys(lacks).map((capability) => `@${capability}\\b`);
  return {
    name: adapter,
    use: { adapter },
    // The suite runs through the first; what differs from adapter to adapter, through the others as well.
    ...(index > 0 && { grep: /@each\b/ }),
    ...(missing.length > 0 && { grepInvert: new RegExp(missing.join("|")) }),
  };
}

export default defineConfig<{ adapter: string }>({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  fullyParallel: true,
  forbidOnly: true,
  // A flaky test is a defect to fix, not to retry.
  retries: 0,
  // Fixed people would meet in two tests at once.
  workers: carrier.people ? 1 : 2,
  timeout: 30_000,
  expect: { timeout: 8_000 },
  projects: adaptersUnderTest.map(projectOf),
  reporter: [["list"], ["./e2e/closing-line.ts"], ["html", { open: "never" }]],
  use: {
    baseURL: stack.origin,
    locale: "en-US",
    // Recording every test costs a seventh of the time; `--trace on` records the one to look into.
    trace: "off",
    launchOptions: {
      ...(process.env["PLAYWRIGHT_CHROMIUM_PATH"] && {
        executablePath: process.env["PLAYWRIGHT_CHROMIUM_PATH"],
      }),
      // Containers run as root, and draw on the processor whatever they have; the rest keeps it from calling home.
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: [
    {
      name: "mocks",
      command: stack.mocksCommand,
      url: `${stack.ringsideUrl}/__control/health`,
      reuseExistingServer: false,
    },
    {
      name: "app",
      command: `node build/server.js > ${stack.appLog} 2>&1`,
      url: `${stack.origin}/readyz`,
      env: stack.env,
      reuseExistingServer: false,
    },
  ],
});
