import { describe, expect, it } from "vitest";
import * as z from "zod";
import { registryOf } from "#adapters/registry.ts";
import { ambient } from "#adapters/testing/example.ts";
import { ConfigError, parseConfig as parse } from "./config.server.ts";

const keys = z.object({ CORP_ID: z.string(), CORP_SECRET: z.string(), CORP_URL: z.string().optional() });
const registry = registryOf([
  ambient({ id: "open", env: z.object({}), unguarded: true }),
  ambient({ id: "corp", env: keys }),
  ambient({ id: "half", env: z.object({ HALF_DOMAIN: z.string(), HALF_ID: z.string() }) }),
]);
const parseConfig = (env: Record<string, string | undefined>) => parse(env, registry);

const SECRET = "a-secret-that-has-at-least-32-bytes!";
const production = {
  NODE_ENV: "production",
  APP_ORIGIN: "https://usage.example.com",
  SESSION_SECRET: SECRET,
  RINGSIDE_API_KEY: "sk_live_canary",
  AUTH_ADAPTERS: "corp",
  CORP_ID: "id",
  CORP_SECRET: "corp-secret-canary",
};

/** The variables at fault, and the whole text the operator reads. */
function faultsOf(env: Record<string, string | undefined>) {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError)
      return { variables: error.faults.map((fault) => fault.variable), text: error.message };
    throw error;
  }
  return { variables: [], text: "" };
}

describe("parseConfig", () => {
  it("needs only the key outside production", () => {
    const config = parseConfig({ RINGSIDE_API_KEY: "sk_live_x" });
    expect(config).toMatchObject({
      production: false,
      mocks: "off",
      port: 3000,
      secureCookies: false,
      clientTokenTtlSeconds: 300,
      pollIntervalSeconds: 5,
      sessionMaxAgeSeconds: 604_800,
      signInsPerMinute: 300,
      redisUrl: null,
      metricsPort: null,
      embedOrigins: [],
    });
    expect(config.origin.origin).toBe("http://localhost:3000");
    expect(config.ringside.url.href).toBe("https://api.fightclub.pro/v1");
    expect(config.adapters.map(({ adapter }) => adapter.id)).toEqual(["open"]);
  });

  it("takes a whole production environment, empty lines of .env included", () => {
    const config = parseConfig({
      ...production,
      CORP_URL: "",
      REDIS_URL: "",
      SESSION_SECRET: `${SECRET},old-${SECRET}`,
    });
    expect(config.secureCookies).toBe(true);
    expect(config.sessionSecrets).toEqual([SECRET, `old-${SECRET}`]);
    expect(config.adapters.map(({ adapter }) => adapter.id)).toEqual(["corp"]);
  });

  it("takes origins to be embedded by, in the form that browsers compare", () => {
    const EMBED_ORIGINS =
      "https://app.example.com, https://Other.Test:443/,https://app.example.com,http://127.0.0.1:8080";
    expect(parseConfig({ ...production, EMBED_ORIGINS }).embedOrigins).toEqual([
      "https://app.example.com",
      "https://other.test",
      "http://127.0.0.1:8080",
    ]);
  });

  it.each([
    ["app.example.com", /must be an address/],
    ["https://app.example.com/page", /must be an origin without a path/],
    ["https://app.example.com,", /must be an address/],
    ["https://*.example.com", /must name each origin/],
    ["http://app.example.com", /must be https/],
    ["*", /must be an address/],
    ["https://app.example.com; script-src *", /must be/],
  ])("refuses to be embedded by %s", (EMBED_ORIGINS, problem) => {
    const { variables, text } = faultsOf({ ...production, EMBED_ORIGINS });
    expect(variables).toEqual(["EMBED_ORIGINS"]);
    expect(text).toMatch(problem);
  });

  it("is not embedded over plain http, where a frame's cookie is not kept", () => {
    const env = {
      APP_ORIGIN: "http://usage.test",
      RINGSIDE_API_KEY: "x",
      EMBED_ORIGINS: "https://app.example.com",
    };
    expect(faultsOf(env).text).toMatch(/EMBED_ORIGINS needs https at APP_ORIGIN/);
  });

  it("keeps the order of the buttons", () => {
    const env = {
      RINGSIDE_API_KEY: "x",
      AUTH_ADAPTERS: "corp, open,corp",
      CORP_ID: "i",
      CORP_SECRET: "s",
    };
    expect(parseConfig(env).adapters.map(({ adapter }) => adapter.id)).toEqual(["corp", "open"]);
  });

  it("tells all faults at once, with the variable and what to do, and no value", () => {
    const { variables, text } = faultsOf({
      NODE_ENV: "production",
      APP_ORIGIN: "http://usage.example.com",
      SESSION_SECRET: "short-canary",
      AUTH_ADAPTERS: "corp,nope",
      CLIENT_TOKEN_TTL_SECONDS: "30",
      RINGSIDE_API_URL: "http://api.example.com",
    });
    expect(new Set(variables)).toEqual(
      new Set([
        "APP_ORIGIN",
        "SESSION_SECRET",
        "RINGSIDE_API_KEY",
        "RINGSIDE_API_URL",
        "CLIENT_TOKEN_TTL_SECONDS",
        "AUTH_ADAPTERS",
        "CORP_ID",
        "CORP_SECRET",
      ]),
    );
    expect(text).toContain("adapter corp");
    expect(text).toContain("openssl rand");
    expect(text).not.toMatch(/short-canary|usage\.example\.com|api\.example\.com/);
  });

  it.each([
    [{ APP_ORIGIN: undefined }, "APP_ORIGIN"],
    [{ SESSION_SECRET: undefined }, "SESSION_SECRET"],
    [{ AUTH_ADAPTERS: undefined }, "AUTH_ADAPTERS"],
    [{ AUTH_ADAPTERS: "open" }, "AUTH_ADAPTERS"],
    [{ APP_ORIGIN: "https://usage.example.com/app" }, "APP_ORIGIN"],
    [{ APP_ORIGIN: "usage.example.com" }, "APP_ORIGIN"],
    [{ MOCKS: "1" }, "MOCKS"],
    [{ MOCKS: "demo" }, "MOCKS"],
    [{ DEBUG: "*" }, "DEBUG"],
    [{ SESSION_SECRET: `${SECRET},short` }, "SESSION_SECRET"],
    [{ RINGSIDE_API_KEY: "two words" }, "RINGSIDE_API_KEY"],
    [{ RINGSIDE_API_URL: "https://user:pass@api.example.com/v1" }, "RINGSIDE_API_URL"],
    [{ PORT: "0x10" }, "PORT"],
    [{ PORT: "99999" }, "PORT"],
    [{ POLL_INTERVAL_SECONDS: "61" }, "POLL_INTERVAL_SECONDS"],
    [{ TRUST_PROXY: "true" }, "TRUST_PROXY"],
    [{ REDIS_URL: "http://localhost:6379" }, "REDIS_URL"],
    [{ METRICS_PORT: "3000" }, "METRICS_PORT"],
    [{ SIGN_INS_PER_MINUTE: "0" }, "SIGN_INS_PER_MINUTE"],
    [{ LOG_LEVEL: "verbose" }, "LOG_LEVEL"],
    [{ PRODUCT_LOGO_URL: "javascript:alert(1)" }, "PRODUCT_LOGO_URL"],
    [{ EXTERNAL_ID_TEMPLATE: "user" }, "EXTERNAL_ID_TEMPLATE"],
    [{ EXTERNAL_ID_TEMPLATE: "{subject}{email}" }, "EXTERNAL_ID_TEMPLATE"],
    [{ HALF_DOMAIN: "half.example.com" }, "HALF_DOMAIN"],
  ])("refuses %j in production", (change, variable) => {
    expect(faultsOf({ ...production, ...change }).variables).toEqual([variable]);
  });

  it("asks a template to tell providers apart once there are several", () => {
    const several = {
      ...production,
      AUTH_ADAPTERS: "corp,half",
      HALF_DOMAIN: "half.example.com",
      HALF_ID: "id",
    };
    expect(faultsOf({ ...several, EXTERNAL_ID_TEMPLATE: "u_{subject}" }).variables).toEqual([
      "EXTERNAL_ID_TEMPLATE",
    ]);
    expect(faultsOf({ ...several, EXTERNAL_ID_TEMPLATE: "{adapter}_{subject}" }).variables).toEqual([]);
  });

  it("lets the demo run the production build, on loopback alone", () => {
    const demo = {
      NODE_ENV: "production",
      MOCKS: "demo",
      APP_ORIGIN: "http://localhost:3000",
      RINGSIDE_API_URL: "http://127.0.0.1:4010/v1",
      RINGSIDE_API_KEY: "x",
      AUTH_ADAPTERS: "open",
    };
    expect(parseConfig(demo).mocks).toBe("demo");
    expect(faultsOf({ ...demo, RINGSIDE_API_URL: "https://api.fightclub.pro/v1" }).variables).toEqual([
      "MOCKS",
    ]);
  });
});
