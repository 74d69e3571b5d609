/** What the doctor examines: each setting read on its own, so that one fault does not hide what lies behind another. */
import type { AuthAdapter } from "#adapters/adapter.ts";
import { registry } from "#adapters/registry.ts";
import { enabledAdapters } from "#app/config/adapters.server.ts";
import { ConfigError, parseConfig } from "#app/config/config.server.ts";
import type { RedisAddress } from "#app/config/redis-url.server.ts";
import { variables } from "#app/config/variables.server.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting is null where its variable is missing or at fault. */
export interface DoctorConfig {
  /** Without the empty values. */
  env: Environment;
  production: boolean;
  faults: ConfigError["faults"];
  origin: URL | null;
  ringside: { url: URL; apiKey: string } | null;
  ttlSeconds: number | null;
  pollSeconds: number | null;
  port: number | null;
  metricsPort: number | null;
  trustProxy: number | null;
  redisUrl: RedisAddress | null;
  embedOrigins: readonly string[] | null;
  sessionSecrets: readonly string[] | null;
  sessionMaxAgeSeconds: number | null;
  /** Those that are whole. */
  adapters: { adapter: AuthAdapter; env: unknown }[];
}

export function readDoctorConfig(environment: Environment): DoctorConfig {
  const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const production = env["NODE_ENV"] === "production";
  const { shape } = variables;
  const origin = shape.APP_ORIGIN.safeParse(env["APP_ORIGIN"]).data;
  const url = shape.RINGSIDE_API_URL.safeParse(env["RINGSIDE_API_URL"]).data;
  const port = shape.PORT.safeParse(env["PORT"]).data ?? null;
  const apiKey = shape.RINGSIDE_API_KEY.safeParse(env["RINGSIDE_API_KEY"]).data;
  return {
    env,
    production,
    faults: faultsOf(env),
    origin: production || env["APP_ORIGIN"] ? (origin ?? null) : new URL(`http://localhost:${port ?? 3000}`),
    ringside: url && apiKey ? { url, apiKey } : null,
    ttlSeconds: shape.CLIENT_TOKEN_TTL_SECONDS.safeParse(env["CLIENT_TOKEN_TTL_SECONDS"]).data ?? null,
    pollSeconds: shape.POLL_INTERVAL_SECONDS.safeParse(env["POLL_INTERVAL_SECONDS"]).data ?? null,
    port,
    metricsPort: shape.METRICS_PORT.safeParse(env["METRICS_PORT"]).data ?? null,
    trustProxy: shape.TRUST_PROXY.safeParse(env["TRUST_PROXY"]).data ?? null,
    redisUrl: shape.REDIS_URL.safeParse(env["REDIS_URL"]).data ?? null,
    embedOrigins: shape.EMBED_ORIGINS.safeParse(env["EMBED_ORIGINS"]).data ?? null,
    sessionSecrets: shape.SESSION_SECRET.safeParse(env["SESSION_SECRET"]).data ?? null,
    sessionMaxAgeSeconds:
      shape.SESSION_MAX_AGE_SECONDS.safeParse(env["SESSION_MAX_AGE_SECONDS"]).data ?? null,
    adapters: enabledAdapters({
      env,
      registry,
      unguardedAllowed: !production || env["MOCKS"] === "demo",
      // Told already, by `faults`.
      fault() {},
    }),
  };
}

function faultsOf(env: Environment): ConfigError["faults"] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}
