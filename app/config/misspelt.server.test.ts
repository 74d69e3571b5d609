import { expect, it } from "vitest";
import { parseConfig } from "./config.server.ts";
import { misspeltNames } from "./misspelt.server.ts";
import { variableNames } from "./variables.server.ts";

const known = new Set([...variableNames, "GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET", "GITHUB_URL"]);
const meantBy = (name: string, own: string[] = []) => misspeltNames({ [name]: "x" }, known, own)[0]?.meant;

it.each([
  ["GITHUB_CLIENT_SECRT", "GITHUB_CLIENT_SECRET"],
  ["GITHUB_CLEINT_ID", "GITHUB_CLIENT_ID"],
  ["github_client_id", "GITHUB_CLIENT_ID"],
  ["RINGSIDE_API_KEYS", "RINGSIDE_API_KEY"],
  ["RINGSIDE_URL", "RINGSIDE_API_URL"],
  ["SESSION_SECRETS", "SESSION_SECRET"],
  ["SESION_SECRET", "SESSION_SECRET"],
  ["AUTH_ADAPTER", "AUTH_ADAPTERS"],
  ["APP_ORIGN", "APP_ORIGIN"],
  ["REDIS_URI", "REDIS_URL"],
  ["CLIENT_TOKEN_TTL", "CLIENT_TOKEN_TTL_SECONDS"],
  ["POLL_INTERVAL_SECS", "POLL_INTERVAL_SECONDS"],
])("takes %s for %s", (name, meant) => expect(meantBy(name)).toBe(meant));

it.each([
  ...[
    "PORT",
    "HOST",
    "HOSTNAME",
    "PATH",
    "HOME",
    "USER",
    "PWD",
    "LANG",
    "TZ",
    "SHELL",
    "TERM",
    "NODE_OPTIONS",
  ],
  ...["GITHUB_SHA", "GITHUB_REF", "GITHUB_TOKEN", "GITHUB_ENV", "GITHUB_API_URL", "GITHUB_REPOSITORY"],
  ...["REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD", "REDIS_TLS_URL", "REDIS_PORT_6379_TCP", "DATABASE_URL"],
  ...["JWT_SECRET", "SESSION_KEY", "LOG_FORMAT", "APP_NAME", "APP_ENV", "BASE_URL", "NODE_EXTRA_CA_CERTS"],
  ...["KUBERNETES_SERVICE_HOST", "FLY_APP_NAME", "RENDER_EXTERNAL_URL", "npm_config_cache", "E2E_PORT"],
])("leaves %s to others", (name) => expect(meantBy(name, ["GITHUB_"])).toBeUndefined());

it("knows every variable of an enabled adapter's prefix, and of instances that are not enabled", () => {
  const warned = parseConfig({
    APP_ORIGIN: "http://localhost:3000",
    RINGSIDE_API_KEY: "x",
    AUTH_ADAPTERS: "oidc:okta",
    OIDC_OKTA_ISSUER: "https://okta.example.com",
    OIDC_OKTA_CLIENT_ID: "id",
    OIDC_OKTA_CLIENT_SECRET: "secret",
    OIDC_GOOGLE_LABEL: "Google",
    OIDC_OKTA_SCOPE: "openid",
    OIDC_TIMEOUT: "1",
  }).warnings;
  expect(warned.map(({ variable }) => variable)).toEqual(["OIDC_OKTA_SCOPE", "OIDC_TIMEOUT"]);
  expect(warned[0]?.problem).toContain("OIDC_OKTA_SCOPES");
});
