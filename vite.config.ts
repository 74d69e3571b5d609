import { vitePlugin as remix } from "@remix-run/dev";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [
    tailwindcss(),
    // The Remix plugin rewrites route modules, which breaks importing them in unit tests.
    !process.env["VITEST"] &&
      remix({
        future: {
          v3_fetcherPersist: true,
          v3_relativeSplatPath: true,
          v3_throwAbortReason: true,
          v3_singleFetch: true,
          v3_lazyRouteDiscovery: true,
          v3_routeConfig: true,
        },
      }),
  ],
  server: { port: 3000, strictPort: true },
  build: { target: "es2022" },
  test: {
    include: ["{app,adapters,mocks,e2e}/**/*.test.{ts,tsx}", "*.test.ts"],
    environment: "node",
    // Bounds for a machine that has other things to do; no test waits for the clock on the wall.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    setupFiles: ["./app/test-setup.ts"],
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
  },
});
