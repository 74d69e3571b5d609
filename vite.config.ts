import { vitePlugin as remix } from "@remix-run/dev";
import tailwindcss from "@tailwindcss/vite";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Together in one file: gzip learns each word once per file, so that small shared ones cost more apart. */
const EVERY_PAGE =
  /\/node_modules\/(react|react-dom|scheduler|react-router|react-router-dom|turbo-stream|@remix-run\/(react|router))\/|\/app\/components\/(ui\/|text\.ts$|message-page|error-page|nonce|request-id|trusted-types)/;

/** Moves the licence notices out of the scripts, where every first visit would pay for them, into a file beside them. */
function notices(): Plugin {
  const found = new Set<string>();
  return {
    name: "notices",
    applyToEnvironment: ({ name }) => name === "client",
    renderChunk(code) {
      for (const [comment] of code.matchAll(/\/\*[\s\S]*?\*\//g))
        if (comment.includes("@license")) found.add(comment);
      return null;
    },
    generateBundle() {
      if (found.size > 0)
        this.emitFile({ type: "asset", fileName: "assets/notices.txt", source: [...found].join("\n\n") });
    },
  };
}

/** The dev server passes every request through the Express app too: the same checks, headers and log lines. */
function expressApp(): Plugin {
  return {
    name: "express-app",
    apply: "serve",
    configureServer(server) {
      const apps = new WeakMap<object, (...args: unknown[]) => void>();
      // Returned, so that it runs behind Vite's own files and before Remix's handler.
      return () => {
        server.middlewares.use(async (request, response, next) => {
          try {
            const build = await server.ssrLoadModule("virtual:remix/server-build");
            const app = apps.get(build) ?? build["entry"].module.createApp({ build, clientDir: null });
            apps.set(build, app);
            app(request, response, next);
          } catch (error) {
            next(error);
          }
        });
      };
    },
  };
}

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [
    tailwindcss(),
    notices(),
    !process.env["VITEST"] && expressApp(),
    // The Remix plugin rewrites route modules, which breaks importing them in unit tests.
    !process.env["VITEST"] &&
      remix({
        future: {
          v3_fetcherPersist: true,
          v3_relativeSplatPath: true,
          v3_throwAbortReason: true,
          v3_singleFetch: true,
          // Off: the server would match every prefix of a requested path, in quadratic time, to save a few routes.
          v3_lazyRouteDiscovery: false,
          v3_routeConfig: true,
        },
      }),
  ],
  server: { port: 3000, strictPort: true },
  build: {
    target: "es2022",
    // Slower than esbuild, and a twentieth smaller: what every visitor loads is worth a few seconds of ours.
    minify: !isSsrBuild && "terser",
    terserOptions: { format: { comments: false } },
    // What the size check reads (e2e/ops/sizes.ts).
    manifest: true,
    rollupOptions: {
      // Zod's comments for another bundler, which Rollup reports one by one.
      onwarn: (warning, warn) => warning.code !== "INVALID_ANNOTATION" && warn(warning),
      output: { manualChunks: (id) => (EVERY_PAGE.test(id) ? "every-page" : undefined) },
    },
  },
  esbuild: {
    legalComments: "none",
    // React has no development runtime in a test that stands in production (e2e/fuzz).
    ...(process.env["VITEST"] && { jsxDev: false }),
  },
  test: {
    projects: [
      // The inner loop: `npm run test:unit -- --project app`.
      { extends: true, test: { name: "app", include: ["{app,adapters}/**/*.test.{ts,tsx}"] } },
      // Mocks, broken adapters, guide, starters, simulation, doctor, fuzzing.
      { extends: true, test: { name: "suites", include: ["{mocks,e2e}/**/*.test.{ts,tsx}"] } },
    ],
    environment: "node",
    // One fewer by default, which on two cores is one at a time.
    maxWorkers: "100%",
    // Bounds for a machine that has other things to do; no test waits for real time to pass.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    setupFiles: ["./app/test-setup.ts"],
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
  },
}));
