/** Faults in the variables alone, planted one at a time in a sound deployment. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Deployment, startDeployment } from "./deployment.ts";
import { buildDoctor, type Doctor, type Environment, type Expected, expectFailure } from "./run-doctor.ts";

interface Planted extends Expected {
  fault: string;
  change: Environment | ((sound: Environment) => Environment);
}

const faults: Planted[] = [
  {
    fault: "http on a public origin",
    change: { APP_ORIGIN: "http://usage.acme.test" },
    check: "configuration",
    variable: "APP_ORIGIN",
    found: /must be https/,
  },
  {
    fault: "the origin of the example",
    change: { APP_ORIGIN: "https://usage.example.com" },
    check: "origin",
    variable: "APP_ORIGIN",
    found: /is the example's/,
  },
  {
    fault: "a half-set adapter",
    change: { GITHUB_CLIENT_SECRET: undefined },
    check: "configuration",
    variable: "GITHUB_CLIENT_SECRET",
    found: /is required.*github/,
  },
  {
    fault: "an unknown adapter",
    change: { AUTH_ADAPTERS: "github,gitlab" },
    check: "configuration",
    variable: "AUTH_ADAPTERS",
    found: /"gitlab"/,
  },
  {
    fault: "embedding that the app there knows nothing of",
    change: { EMBED_ORIGINS: "https://app.acme.test" },
    check: "embedding",
    variable: "EMBED_ORIGINS",
    found: /shuts out https:\/\/app\.acme\.test/,
  },
  {
    fault: "a short secret",
    change: { SESSION_SECRET: "c2hvcnQ" },
    check: "configuration",
    variable: "SESSION_SECRET",
    found: /at least 32 bytes/,
  },
  {
    fault: "an example for a secret",
    change: {
      APP_ORIGIN: "https://usage.acme.test",
      SESSION_SECRET: "change-me-to-something-long-and-random",
    },
    check: "configuration",
    variable: "SESSION_SECRET",
    found: /is an example/,
  },
  {
    fault: "a secret that is long and regular",
    change: { APP_ORIGIN: "https://usage.acme.test", SESSION_SECRET: "abcd".repeat(10) },
    check: "configuration",
    variable: "SESSION_SECRET",
    found: /too regular/,
  },
  {
    fault: "one secret for two jobs",
    change: (sound) => ({ SESSION_SECRET: sound["GITHUB_CLIENT_SECRET"] }),
    check: "secrets",
    variable: "GITHUB_CLIENT_SECRET",
    found: /are the same/,
  },
  {
    fault: "a template under which two providers' people share a Customer",
    change: { EXTERNAL_ID_TEMPLATE: "user_{subject}" },
    check: "configuration",
    variable: "EXTERNAL_ID_TEMPLATE",
    found: /share a Customer/,
  },
  {
    fault: "a key in quotes",
    change: (sound) => ({ RINGSIDE_API_KEY: `"${sound["RINGSIDE_API_KEY"]}"` }),
    check: "configuration",
    variable: "RINGSIDE_API_KEY",
    found: /quotes/,
  },
  {
    fault: "a limit in quotes",
    change: { SIGN_INS_PER_MINUTE: '"300"' },
    check: "configuration",
    variable: "SIGN_INS_PER_MINUTE",
    found: /quotes/,
  },
  {
    fault: "DEBUG, which would print secrets",
    change: { APP_ORIGIN: "https://usage.acme.test", DEBUG: "*" },
    check: "configuration",
    variable: "DEBUG",
    found: /would print client secrets/,
  },
  {
    fault: "NODE_DEBUG, which would print headers",
    change: { APP_ORIGIN: "https://usage.acme.test", NODE_DEBUG: "http" },
    check: "configuration",
    variable: "NODE_DEBUG",
    found: /would print requests/,
  },
  {
    fault: "a deployment that says it is not for production",
    change: { APP_ORIGIN: "https://usage.acme.test", NODE_ENV: "staging", AUTH_ADAPTERS: "demo" },
    check: "configuration",
    variable: "AUTH_ADAPTERS",
    found: /must not name demo/,
  },
];

describe("faults in the environment", { timeout: 60_000 }, () => {
  let doctor: Doctor;
  let deployment: Deployment;
  beforeAll(async () => {
    [doctor, deployment] = await Promise.all([buildDoctor(), startDeployment()]);
  });
  afterAll(() => Promise.all([doctor.close(), deployment.close()]));

  it.concurrent.each(faults)("finds $fault", async ({ change, ...expected }) => {
    const { env, secrets } = deployment;
    const changed = { ...env, ...(typeof change === "function" ? change(env) : change) };
    // Never shown either: what the planted value is.
    const planted = changed["SESSION_SECRET"] ?? "";
    expectFailure(await doctor.examine(changed), [...secrets, planted], expected);
  });

  it("warns of what is allowed and seldom meant", async () => {
    const { findings } = await doctor.examine({
      ...deployment.env,
      CLIENT_TOKEN_TTL_SECONDS: "3600",
      SESSION_MAX_AGE_SECONDS: "31536000",
      SESSION_IDLE_SECONDS: "120",
      TRUST_PROXY: "1",
      DEBUG: "app:*",
      GITHUB_CLIENT_SECRT: "canary",
    });
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "configuration",
        status: "warning",
        variables: ["GITHUB_CLIENT_SECRT"],
        found: expect.stringContaining("GITHUB_CLIENT_SECRET"),
      }),
    );
    const warned = findings.filter(({ check, status }) => check === "settings" && status === "warning");
    expect(warned.flatMap(({ variables }) => variables)).toEqual([
      "CLIENT_TOKEN_TTL_SECONDS",
      "SESSION_IDLE_SECONDS",
      "SESSION_MAX_AGE_SECONDS",
      "TRUST_PROXY",
      "DEBUG",
    ]);
  });
});
