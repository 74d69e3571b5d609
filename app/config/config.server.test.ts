import { describe, expect, it } from "vitest";
import * as z from "zod";
import { registryOf } from "#adapters/registry.ts";
import { proxyAuthenticated } from "#adapters/testing/example.ts";
import { ConfigError, parseConfig as parse } from "./config.server.ts";

const keys = z.object({ CORP_ID: z.string(), CORP_SECRET: z.string(), CORP_URL: z.string().optional() });
const registry = registryOf([
  proxyAuthenticated({ id: "open", env: z.object({}), unguarded: true }),
  proxyAuthenticated({ id: "corp", env: keys }),
  proxyAuthenticated({ id: "half", env: z.object({ HALF_DOMAIN: z.string(), HALF_ID: z.string() }) }),
]);
const parseConfig = (env: Record<string, string | undefined>) => parse(env, registry);

const SECRET = "a-secret-that-has-at-least-32-bytes!";
/** A public deployment without a fault. NODE_ENV is missing on purpose: it must not matter. */
const exposed = {
  APP_ORIGIN: "https://usage.example.com",
  SESSION_SECRET: SECRET,
  RINGSIDE_API_KEY: "sk_live_canary",
  AUTH_ADAPTERS: "corp",
  CORP_ID: "id",
  CORP_SECRET: "corp-secret-canary",
};

/** A developer's machine, with the real Ringside. */
const local = { APP_ORIGIN: "http://localhost:3000", RINGSIDE_API_KEY: "x", AUTH_ADAPTERS: "open" };
const mockRingside = { RINGSIDE_API_URL: "http://127.0.0.1:4010/v1" };

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
  it("needs only the key in the development server", () => {
    const config = parseConfig({ NODE_ENV: "development", RINGSIDE_API_KEY: "sk_live_x" });
    expect(config).toMatchObject({
      exposed: false,
      hotReload: true,
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

  it("takes a whole public deployment, empty lines of .env included", () => {
    const config = parseConfig({
      ...exposed,
      CORP_URL: "",
      REDIS_URL: "",
      SESSION_SECRET: `${SECRET},old-${SECRET}`,
    });
    expect(config).toMatchObject({ exposed: true, hotReload: false, secureCookies: true, host: null });
    expect(config.sessionSecrets).toEqual([SECRET, `old-${SECRET}`]);
    expect(config.adapters.map(({ adapter }) => adapter.id)).toEqual(["corp"]);
  });

  it("takes origins to be embedded by, in the form that browsers compare", () => {
    const EMBED_ORIGINS =
      "https://app.example.com, https://Other.Test:443/,https://app.example.com,http://127.0.0.1:8080";
    expect(parseConfig({ ...exposed, EMBED_ORIGINS }).embedOrigins).toEqual([
      "https://app.example.com",
      "https://other.test",
      "http://127.0.0.1:8080",
    ]);
  });

  it.each([
    ["app.example.com", /must be an address/],
    ["https://app.example.com/page", /must be an origin without a path/],
    ["https://:password@app.example.com", /must be an origin without a path/],
    ["https://app.example.com,", /must be an address/],
    ["https://*.example.com", /must name each origin/],
    ["http://app.example.com", /must be https/],
    ["*", /must be an address/],
    ["https://app.example.com; script-src *", /must be/],
  ])("refuses to be embedded by %s", (EMBED_ORIGINS, problem) => {
    const { variables, text } = faultsOf({ ...exposed, EMBED_ORIGINS });
    expect(variables).toEqual(["EMBED_ORIGINS"]);
    expect(text).toMatch(problem);
  });

  it("keeps the order of the buttons", () => {
    const env = {
      ...local,
      AUTH_ADAPTERS: "corp, open,corp",
      CORP_ID: "i",
      CORP_SECRET: "s",
    };
    expect(parseConfig(env).adapters.map(({ adapter }) => adapter.id)).toEqual(["corp", "open"]);
  });

  it("tells all faults at once, with the variable and what to do, and no value", () => {
    const { variables, text } = faultsOf({
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
    [{ COOKIE_SECURE: "0" }, "COOKIE_SECURE"],
    [{ COOKIE_SECURE: "false" }, "COOKIE_SECURE"],
    [{ MOCKS: "1" }, "MOCKS"],
    [{ MOCKS: "demo" }, "MOCKS"],
    [{ DEBUG: "express:*" }, "DEBUG"],
    [{ NODE_DEBUG: "http" }, "NODE_DEBUG"],
    [{ NODE_DEBUG_NATIVE: "http2" }, "NODE_DEBUG_NATIVE"],
    [{ NODE_TLS_REJECT_UNAUTHORIZED: "0" }, "NODE_TLS_REJECT_UNAUTHORIZED"],
    [{ NODE_ENV: "development" }, "NODE_ENV"],
    [{ SESSION_SECRET: "change-me-to-something-long-and-random" }, "SESSION_SECRET"],
    [{ SESSION_SECRET: "development-only-secret-never-used-in-production" }, "SESSION_SECRET"],
    [{ SESSION_SECRET: "abcd".repeat(10) }, "SESSION_SECRET"],
    [{ SESSION_SECRET: `${SECRET},${"0".repeat(40)}` }, "SESSION_SECRET"],
    [{ HOST: "127.0.0.1:3000" }, "HOST"],
    [{ HOST: "http://127.0.0.1" }, "HOST"],
    [{ HOST: "127.0.0.256" }, "HOST"],
    [{ HOST: "3000" }, "HOST"],
    [{ HOST: "two words" }, "HOST"],
    [{ EXTERNAL_ID_TEMPLATE: "u_{subject}\n" }, "EXTERNAL_ID_TEMPLATE"],
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
    [{ KEEP_ALIVE_SECONDS: "0" }, "KEEP_ALIVE_SECONDS"],
    [{ KEEP_ALIVE_SECONDS: "1h" }, "KEEP_ALIVE_SECONDS"],
    [{ LOG_LEVEL: "verbose" }, "LOG_LEVEL"],
    [{ PRODUCT_LOGO_URL: "javascript:alert(1)" }, "PRODUCT_LOGO_URL"],
    [{ EXTERNAL_ID_TEMPLATE: "user" }, "EXTERNAL_ID_TEMPLATE"],
    [{ EXTERNAL_ID_TEMPLATE: "{subject}{email}" }, "EXTERNAL_ID_TEMPLATE"],
    [{ HALF_DOMAIN: "half.example.com" }, "HALF_DOMAIN"],
  ])("refuses %j in a public deployment", (change, variable) => {
    expect(faultsOf({ ...exposed, ...change }).variables).toEqual([variable]);
  });

  it("asks a template to tell adapters apart once there are several", () => {
    const several = {
      ...exposed,
      AUTH_ADAPTERS: "corp,half",
      HALF_DOMAIN: "half.example.com",
      HALF_ID: "id",
    };
    const { variables, text } = faultsOf({ ...several, EXTERNAL_ID_TEMPLATE: "u_{subject}" });
    expect(variables).toEqual(["EXTERNAL_ID_TEMPLATE"]);
    expect(text).toMatch(/one of corp and one of half/);
    expect(faultsOf({ ...several, EXTERNAL_ID_TEMPLATE: "{adapter}_{subject}" }).variables).toEqual([]);
  });

  it("warns of a name that is close to one of ours, also beside faults, and takes it for no fault", () => {
    const slip = { ...exposed, CORP_SECRT: "canary", RINGSIDE_API_KEYS: "canary" };
    expect(parseConfig(slip).warnings).toEqual([
      { variable: "CORP_SECRT", problem: expect.stringContaining("CORP_SECRET") },
      { variable: "RINGSIDE_API_KEYS", problem: expect.stringContaining("RINGSIDE_API_KEY") },
    ]);
    const { text } = faultsOf({ ...slip, CORP_SECRET: undefined });
    expect(text).toMatch(/CORP_SECRET .*\n(.*\n)*.*CORP_SECRT is set, and nothing reads it.*CORP_SECRET/);
    expect(text).not.toContain("canary");
  });
});

describe("exposure", () => {
  const unsafe = { ...exposed, SESSION_SECRET: undefined, AUTH_ADAPTERS: undefined, MOCKS: "1", DEBUG: "*" };

  it.each([undefined, "", "staging", "test", "Production", " production", "production", "prod"])(
    "is judged by the origin with NODE_ENV=%j",
    (NODE_ENV) => {
      const config = parseConfig({ ...exposed, NODE_ENV });
      expect(config).toMatchObject({ exposed: true, hotReload: false });
      expect(faultsOf({ ...unsafe, NODE_ENV }).variables).toEqual([
        "SESSION_SECRET",
        "MOCKS",
        "DEBUG",
        "AUTH_ADAPTERS",
      ]);
      expect(parseConfig({ ...local, NODE_ENV })).toMatchObject({ exposed: false, hotReload: false });
    },
  );

  it.each([
    "http://localhost:3000",
    "https://localhost",
    "http://usage.localhost:3000",
    "http://127.0.0.1:3000",
    "http://127.4.5.6",
    "http://[::1]:3000",
  ])("is none at %s", (APP_ORIGIN) => {
    const config = parseConfig({ ...local, APP_ORIGIN, DEBUG: "*" });
    expect(config.exposed).toBe(false);
  });

  it.each([
    "http://usage.example.com",
    "https://usage.example.com",
    "https://localhost.example.com",
    "https://127.0.0.1.example.com",
    "https://mylocalhost",
    "http://10.0.0.7:3000",
    "http://192.168.1.10",
    "http://0.0.0.0:3000",
    "http://128.0.0.1",
    "http://[::2]",
    "not an origin",
    undefined,
  ])("is taken for granted at %s", (APP_ORIGIN) => {
    const { variables } = faultsOf({ ...unsafe, APP_ORIGIN });
    expect(variables).toEqual(expect.arrayContaining(["SESSION_SECRET", "MOCKS", "DEBUG", "AUTH_ADAPTERS"]));
    expect(variables.includes("APP_ORIGIN")).toBe(!APP_ORIGIN?.startsWith("https:"));
  });

  it("has another secret at each start on loopback, and none that is written anywhere", () => {
    const secrets = [parseConfig(local), parseConfig(local)].flatMap(({ sessionSecrets }) => sessionSecrets);
    expect(new Set(secrets).size).toBe(2);
    for (const secret of secrets) expect(Buffer.from(secret, "base64url")).toHaveLength(32);
  });

  it("takes an example for a secret on loopback", () => {
    const SESSION_SECRET = "change-me-to-something-long-and-random";
    expect(parseConfig({ ...local, SESSION_SECRET }).sessionSecrets).toEqual([SESSION_SECRET]);
  });

  it("does not choose an unguarded adapter by itself, except with the mocks and in development", () => {
    const unset = { ...local, AUTH_ADAPTERS: undefined };
    expect(faultsOf(unset).variables).toEqual(["AUTH_ADAPTERS"]);
    for (const with_ of [{ MOCKS: "demo", ...mockRingside }, { NODE_ENV: "development" }])
      expect(parseConfig({ ...unset, ...with_ }).adapters.map(({ adapter }) => adapter.id)).toEqual(["open"]);
  });

  it.each(["demo", "1"])("allows MOCKS=%s with Ringside on loopback alone", (MOCKS) => {
    expect(parseConfig({ ...local, ...mockRingside, MOCKS }).mocks).not.toBe("off");
    expect(faultsOf({ ...local, MOCKS }).variables).toEqual(["MOCKS"]);
    expect(faultsOf({ ...exposed, ...mockRingside, MOCKS }).variables).toEqual(["MOCKS"]);
  });
});

describe("HOST", () => {
  it.each([
    ["0.0.0.0", "0.0.0.0"],
    ["127.0.0.1", "127.0.0.1"],
    ["::", "::"],
    ["[::1]", "::1"],
    ["localhost", "localhost"],
    ["fly-local-6pn", "fly-local-6pn"],
    ["app_1.internal", "app_1.internal"],
  ])("takes %s", (HOST, host) => {
    expect(parseConfig({ ...exposed, HOST }).host).toBe(host);
  });

  it("is loopback while an adapter signs in any user as any other at the real Ringside", () => {
    expect(parseConfig(local).host).toBe("127.0.0.1");
    expect(parseConfig({ ...local, HOST: "::1" }).host).toBe("::1");
    for (const HOST of ["0.0.0.0", "::", "192.168.1.10", "127.0.0.1.example.com"])
      expect(faultsOf({ ...local, HOST }).variables).toEqual(["HOST"]);
    const mocked = { ...local, ...mockRingside, MOCKS: "demo" };
    expect(parseConfig(mocked).host).toBeNull();
    expect(parseConfig({ ...mocked, HOST: "0.0.0.0" }).host).toBe("0.0.0.0");
  });
});
