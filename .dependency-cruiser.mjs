/**
 * Imports flow one way:
 *   routes → auth, ringside, usage, components → config
 * `adapters` stand alone, `app` never sees mocks or e2e, mocks know the wire contract and nothing else of the app.
 */
const rule = (name, from, to, comment) => ({ name, comment, severity: "error", from, to });

export default {
  forbidden: [
    rule("no-cycles", {}, { circular: true }, "A cycle means two files share one reason to change."),
    rule(
      "adapters-stand-alone",
      { path: "^adapters/" },
      { path: "^(app|mocks|e2e|server)" },
      "An adapter is read, tested and moved alone.",
    ),
    rule(
      "app-has-no-mocks",
      { path: "^(app|server)", pathNot: "\\.test\\." },
      { path: "^(mocks|e2e)/" },
      "Mocks must be impossible in a production bundle.",
    ),
    rule(
      "app-tests-use-the-simulation-only",
      { path: "^app/.*\\.test\\." },
      { path: "^(mocks|e2e)/(?!simulation/)" },
      "A unit test needs no mock server; tests of the live engine run in the simulated world.",
    ),
    rule(
      "mocks-know-the-contract-only",
      { path: "^mocks/" },
      { path: "^(app/(?!ringside/contract\\.ts$)|e2e|server|adapters)" },
      "A mock that shares the app's code proves nothing.",
    ),
    rule(
      "e2e-is-black-box",
      {
        path: "^e2e/",
        pathNot: "\\.test\\.ts$|^e2e/(fuzz|simulation)/|^e2e/ui/locales|^e2e/ops/reference\\.ts$",
      },
      { path: "^(app|server)", pathNot: "^app/components/locales\\.ts$" },
      "The suite must run against any deployment.",
    ),
    rule(
      "one-way-config",
      { path: "^app/config/" },
      { path: "^app/", pathNot: "^app/config/" },
      "Configuration depends on nothing else of the app.",
    ),
    rule(
      "modules-do-not-import-routes",
      { path: "^app/(auth|ringside|usage|components)/" },
      { path: "^app/(routes|root|entry)" },
      "Routes are thin and on top.",
    ),
    rule(
      "ringside-is-a-leaf",
      { path: "^app/ringside/" },
      { path: "^app/(auth|usage|components)/" },
      "The wire format depends on no other module.",
    ),
    rule(
      "usage-knows-only-ringside",
      { path: "^app/usage/" },
      { path: "^app/(?!(usage|ringside)/)" },
      "This folder can be copied alone.",
    ),
    rule(
      "no-server-code-in-the-browser",
      { path: "^app/(usage|components)/", pathNot: "\\.server|\\.test\\." },
      { path: "\\.server\\." },
      "The Bearer key must never reach the bundle.",
    ),
    rule(
      "no-orphans",
      {
        orphan: true,
        pathNot:
          "(\\.d\\.m?ts$|\\.config\\.|\\.test\\.|^app/(routes|entry|root)|\\.cli\\.ts$|\\.mjs$|\\.css$|^e2e/closing-line|^app/test-setup)",
      },
      {},
      "A file without an importer is dead.",
    ),
    rule(
      "no-dev-dependencies-in-production",
      {
        path: "^(app|adapters|server)",
        pathNot: "(\\.test\\.|testing|test-setup|\\.d\\.ts|^app/routes\\.ts$)",
      },
      { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
      "npm ci --omit=dev must leave a working server.",
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(build|test-results|playwright-report)" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
