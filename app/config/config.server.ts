/**
 * Every environment variable, read once. A fault stops the boot, and all faults are told at once: which
 * variable, what is wrong, what to do. Values are never printed, since any of them may be a secret.
 */
import type { AuthAdapter } from "#adapters/adapter.ts";
import { debugLeaksSecrets } from "#adapters/debug-output.ts";
import { registry as ours, type Registry } from "#adapters/registry.ts";
import { isLoopback } from "#adapters/web-url.ts";
import { enabledAdapters } from "./adapters.server.ts";
import { ConfigError, type ConfigFault, faultsOf } from "./fields.server.ts";
import type { RedisAddress } from "./redis-url.server.ts";
import { variables } from "./variables.server.ts";

export { ConfigError };

export interface Config {
  production: boolean;
  /** `demo` is set by the demo command alone and is the only way to run the mocks in production. */
  mocks: "off" | "dev" | "demo";
  /** The one public origin. Tokens are locked to it; redirect URIs and CSRF checks use it. */
  origin: URL;
  port: number;
  secureCookies: boolean;
  /** The first secret seals, all of them open. */
  sessionSecrets: string[];
  sessionMaxAgeSeconds: number;
  ringside: { apiKey: string; url: URL };
  /** In the order of the buttons, each with its own parsed variables. */
  adapters: { adapter: AuthAdapter; env: unknown }[];
  /** Overrides the adapters' own mapping when set, e.g. `user_{subject}`. */
  externalIdTemplate: string | null;
  clientTokenTtlSeconds: number;
  pollIntervalSeconds: number;
  /** Proxy hops in front of us whose X-Forwarded-For entries are believed. */
  trustProxy: number;
  /** Sign-ins that one address may start in a minute. */
  signInsPerMinute: number;
  /** Where sessions and limits are shared between processes; null when this process keeps them. */
  redisUrl: RedisAddress | null;
  /** Where Prometheus reads; null when nothing is to be read. */
  metricsPort: number | null;
  /** Whose pages may show the dashboard in a frame; empty: nobody's. */
  embedOrigins: string[];
  productName: string;
  productLogoUrl: string | null;
}

const DEV_SECRET = "development-only-secret-never-used-in-production";

/**
 * Parses an environment. Empty values count as unset, as `.env` files write them.
 * @param registry the adapters that can be named @throws ConfigError listing every fault
 */
export function parseConfig(
  environment: Record<string, string | undefined>,
  registry: Registry = ours,
): Config {
  const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = variables.safeParse(env);
  const faults: ConfigFault[] = parsed.success ? [] : faultsOf(parsed.error);
  const fault = (variable: string, problem: string) => faults.push({ variable, problem });

  // Each on its own, so that one variable's fault does not hide what is wrong with another.
  const origin = variables.shape.APP_ORIGIN.safeParse(env["APP_ORIGIN"]).data ?? devOrigin(env["PORT"]);
  const ringsideUrl = variables.shape.RINGSIDE_API_URL.safeParse(env["RINGSIDE_API_URL"]).data;
  const production = env["NODE_ENV"] === "production";
  const demo = env["MOCKS"] === "demo";

  if (production && !demo) {
    for (const variable of ["APP_ORIGIN", "SESSION_SECRET"])
      if (env[variable] === undefined) fault(variable, "is required in production");
    if (origin.protocol !== "https:" && !isLoopback(origin))
      fault("APP_ORIGIN", "must be https in production (http is for loopback only)");
    if (env["MOCKS"] === "1")
      fault("MOCKS", "must not be set in production; use `npm run demo` to see the mocks");
    if (debugLeaksSecrets(env["DEBUG"]))
      fault("DEBUG", "would print client secrets, state and verifiers of the auth libraries; unset it");
  }
  if (demo && !(isLoopback(origin) && ringsideUrl && isLoopback(ringsideUrl)))
    fault("MOCKS", "the demo runs on loopback only; to deploy, unset MOCKS and configure a real adapter");

  if (parsed.data && parsed.data.METRICS_PORT === parsed.data.PORT)
    fault("METRICS_PORT", "must differ from PORT: metrics are not for the people who use this app");

  // A frame's cookie has to be Secure, which nothing but loopback is without https.
  if (env["EMBED_ORIGINS"] && origin.protocol !== "https:" && !isLoopback(origin))
    fault("EMBED_ORIGINS", "needs https at APP_ORIGIN (http is for loopback only)");

  const adapters = enabledAdapters({ env, registry, unguardedAllowed: !production || demo, fault });
  const template = env["EXTERNAL_ID_TEMPLATE"];
  if (template && adapters.length > 1 && !/\{(adapter|issuer)\}/.test(template))
    fault(
      "EXTERNAL_ID_TEMPLATE",
      "must contain {adapter} or {issuer} when several adapters are enabled, or two people could share a Customer",
    );

  const values = parsed.data;
  if (faults.length > 0 || !values) throw new ConfigError(faults);
  return {
    production,
    mocks: values.MOCKS,
    origin,
    port: values.PORT,
    secureCookies: values.COOKIE_SECURE ?? origin.protocol === "https:",
    sessionSecrets: values.SESSION_SECRET ?? [DEV_SECRET],
    sessionMaxAgeSeconds: values.SESSION_MAX_AGE_SECONDS,
    ringside: { apiKey: values.RINGSIDE_API_KEY, url: values.RINGSIDE_API_URL },
    adapters,
    externalIdTemplate: values.EXTERNAL_ID_TEMPLATE ?? null,
    clientTokenTtlSeconds: values.CLIENT_TOKEN_TTL_SECONDS,
    pollIntervalSeconds: values.POLL_INTERVAL_SECONDS,
    trustProxy: values.TRUST_PROXY,
    signInsPerMinute: values.SIGN_INS_PER_MINUTE,
    redisUrl: values.REDIS_URL ?? null,
    metricsPort: values.METRICS_PORT ?? null,
    embedOrigins: values.EMBED_ORIGINS,
    productName: values.PRODUCT_NAME,
    productLogoUrl: values.PRODUCT_LOGO_URL ?? null,
  };
}

function devOrigin(port = "3000"): URL {
  const href = `http://localhost:${port}`;
  return new URL(URL.canParse(href) ? href : "http://localhost:3000");
}

let current: Config | undefined;

/** The configuration of this process, parsed at the first call. @throws ConfigError */
export function config(): Config {
  current ??= parseConfig(process.env);
  return current;
}
