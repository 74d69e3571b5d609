/** `npm run screenshots`: the README's pictures, from the demo's people, against the same stack as the tests. */
import { defineConfig } from "@playwright/test";
import base from "./playwright.config.ts";

export default defineConfig({
  ...base,
  testMatch: "**/screenshots.ts",
  reporter: "list",
  use: { ...base.use, viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1, trace: "off" },
});
