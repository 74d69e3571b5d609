/**
 * Every environment variable, read once. A fault stops the boot, and all faults are told at once: which
 * variable, what is wrong, what to do. Values are never printed, since any of them may be a secret.
 */
import { z } from "zod";
import type { AuthAdapter } from "#adapters/adapter.ts";
import { debugLeaksSecrets } from "#adapters/from-strategy.ts";
import { isLoopback } from "#adapters/provider-origin.ts";
import { enabledAdapters } from "./config-adapters.server.ts";
import {
  ConfigError,
  type ConfigFault,
  faultsOf,
  flag,
  integer,
  originOf,
  webUrl,
} from "./config-fields.server.ts";

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
  productName: string;
  productLogoUrl: string | null;
}

const DEV_SECRET = "development-only-secret-never-used-in-production";

const secrets = z
  .string()
  .transform((value) =>
    value
      .split(",")
      .map((secret) => secret.trim())
      .filter(Boolean),
  )
  .refine((list) => list.length > 0 && list.every((secret) => Buffer.byteLength(secret) >= 32), {
    error: "every comma-separated secret needs at least 32 bytes; make one with: openssl rand -base64 32",
  });

const externalIdTemplate = z
  .string()
  .refine((value) => value.includes("{subject}"), { error: "must contain {subject}, e.g. user_{subject}" })
  .refine((value) => !/\{(?!(subject|adapter|issuer)\})/.test(value), {
    error: "only {subject}, {adapter} and {issuer} can be filled in",
  });

const schema = z.object({
  NODE_ENV: z.string().default("development"),
  MOCKS: z
    .enum(["", "0", "1", "demo"], { error: "is 1 or unset" })
    .default("")
    .transform((value) => (value === "demo" ? "demo" : value === "1" ? "dev" : "off")),
  APP_ORIGIN: originOf("the public origin of this app, e.g. https://usage.example.com").optional(),
  PORT: integer(1, 65535).default(3000),
  COOKIE_SECURE: flag.optional(),
  SESSION_SECRET: secrets.optional(),
  SESSION_MAX_AGE_SECONDS: integer(60, 31_536_000).default(604_800),
  RINGSIDE_API_KEY: z
    .string({ error: "is required: the server key from your Ringside dashboard" })
    .regex(/^[\x21-\x7e]+$/, { error: "must be the bare key, without spaces or quotes" }),
  RINGSIDE_API_URL: webUrl("the API base, e.g. https://api.fightclub.pro/v1").default(
    () => new URL("https://api.fightclub.pro/v1"),
  ),
  AUTH_ADAPTERS: z.string().optional(),
  EXTERNAL_ID_TEMPLATE: externalIdTemplate.optional(),
  CLIENT_TOKEN_TTL_SECONDS: integer(60, 3600).default(300),
  POLL_INTERVAL_SECONDS: integer(1, 60).default(5),
  TRUST_PROXY: integer(0, 16).default(0),
  REDIS_URL: z
    .string()
    .optional()
    .refine((value) => value === undefined, {
      error: "is not supported yet: run one process and unset it (see the README's limits)",
    }),
  PRODUCT_NAME: z.string().max(60, { error: "at most 60 characters" }).default("AI usage"),
  PRODUCT_LOGO_URL: z
    .string()
    .regex(/^(\/|https:\/\/)/, { error: "must be a path on this app or an https address" })
    .optional(),
});

/**
 * Parses an environment. Empty values count as unset, as `.env` files write them.
 * @throws ConfigError listing every fault
 */
export function parseConfig(environment: Record<string, string | undefined>): Config {
  const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(env);
  const faults: ConfigFault[] = parsed.success ? [] : faultsOf(parsed.error);
  const fault = (variable: string, problem: string) => faults.push({ variable, problem });

  // Each on its own, so that one variable's fault does not hide what is wrong with another.
  const origin = schema.shape.APP_ORIGIN.safeParse(env["APP_ORIGIN"]).data ?? devOrigin(env["PORT"]);
  const ringsideUrl = schema.shape.RINGSIDE_API_URL.safeParse(env["RINGSIDE_API_URL"]).data;
  const production = env["NODE_ENV"] === "production";
  const demo = env["MOCKS"] === "demo";

  if (production && !demo) {
    for (const variable of ["APP_ORIGIN", "SESSION_SECRET", "AUTH_ADAPTERS"])
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

  const adapters = enabledAdapters({ env, demoAllowed: !production || demo, fault });
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
