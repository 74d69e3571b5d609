/**
 * Every variable of the app's own: its name, form, bounds, default and line of documentation. The type `Config`, the
 * doctor and docs/reference.md follow from this list; a variable that is added here needs its line in `.env.example`
 * and `npm run reference`, and nothing else. Rules about several variables at once are in config.server.ts.
 */
import { z } from "zod";
import { flag, host, integer, optional, originOf, originsOf, webUrl } from "./fields.server.ts";
import { redisUrl } from "./redis-url.server.ts";

export interface Variable<Value> {
  name: string;
  field: z.ZodType<Value>;
  /** What applies when it is unset, as the table of docs/reference.md shows it. */
  unset: string;
  /** Its line in that table; links in it lead from the tree's root. */
  meaning: string;
}

/** @param unset for what a default value cannot say, e.g. `required` */
function variable<Value>(
  name: string,
  field: z.ZodType<Value>,
  meaning: string,
  unset = `\`${field.parse(undefined)}\``,
): Variable<Value> {
  return { name, field, unset, meaning };
}

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
  })
  .refine((value) => !/\p{Cc}/u.test(value), { error: "must not hold control characters" });

const ringsideKey = z
  .string({ error: "is required: the server key from your Ringside dashboard" })
  .regex(/^[\x21-\x7e]+$/, { error: "must be the bare key, without spaces or quotes" });

const ringsideUrl = webUrl("the API base, e.g. https://api.fightclub.pro/v1").default(
  () => new URL("https://api.fightclub.pro/v1"),
);

const mocks = z
  .enum(["", "0", "1", "demo"], { error: "is 1 or unset" })
  .default("")
  .transform((value) => (value === "demo" ? "demo" : value === "1" ? "dev" : "off"));

const logoUrl = z
  .string()
  .regex(/^(\/|https:\/\/)/, { error: "must be a path on this app or an https address" });

const logLevel = z
  .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
    error: "is one of trace, debug, info, warn, error, fatal, silent",
  })
  .default("info");

/** In the order of that table. */
export const variables = {
  appOrigin: variable(
    "APP_ORIGIN",
    optional(originOf("the public origin of this app, e.g. https://usage.example.com")),
    "the one public origin; never derived from a request. Unless it is loopback, `https` and the rules for a public deployment hold",
    "required; `npm run dev` has its own",
  ),
  host: variable("HOST", optional(host), "the address to listen on", "all addresses"),
  port: variable("PORT", integer(1, 65535).default(3000), "the port to listen on"),
  sessionSecret: variable(
    "SESSION_SECRET",
    optional(secrets),
    "at least 32 random bytes each, comma-separated: the first seals, all open",
    "required; random at each start on loopback",
  ),
  sessionMaxAgeSeconds: variable(
    "SESSION_MAX_AGE_SECONDS",
    integer(60, 31_536_000).default(604_800),
    "absolute lifetime, inside the cookie",
  ),
  sessionIdleSeconds: variable(
    "SESSION_IDLE_SECONDS",
    optional(integer(1, 31_536_000)),
    "a session that no request used for that long ends; a visible page uses it about every 4 minutes",
    "none",
  ),
  cookieSecure: variable(
    "COOKIE_SECURE",
    optional(flag),
    "`1` forces `Secure` and `__Host-` on `http://localhost`",
    "by the scheme of `APP_ORIGIN`",
  ),
  ringsideApiKey: variable("RINGSIDE_API_KEY", ringsideKey, "the Bearer key", "required"),
  ringsideUrl: variable("RINGSIDE_API_URL", ringsideUrl, "browsers fetch from it too"),
  authAdapters: variable(
    "AUTH_ADAPTERS",
    optional(z.string()),
    "comma-separated",
    "required; `demo` with the mocks",
  ),
  externalIdTemplate: variable(
    "EXTERNAL_ID_TEMPLATE",
    optional(externalIdTemplate),
    "`{subject}`, `{adapter}` and `{issuer}` are filled in; refused when two users could get one id",
    "per adapter",
  ),
  clientTokenTtlSeconds: variable("CLIENT_TOKEN_TTL_SECONDS", integer(60, 3600).default(300), "60 to 3600"),
  pollIntervalSeconds: variable("POLL_INTERVAL_SECONDS", integer(1, 60).default(5), "1 to 60"),
  trustProxy: variable(
    "TRUST_PROXY",
    integer(0, 16).default(0),
    "proxy hops in front, whose `X-Forwarded-For` is believed in logs and limits",
  ),
  signInsPerMinute: variable(
    "SIGN_INS_PER_MINUTE",
    integer(1, 100_000).default(300),
    "sign-ins that one client address may start in a minute",
  ),
  keepAliveSeconds: variable(
    "KEEP_ALIVE_SECONDS",
    integer(1, 3_600).default(620),
    "how long an idle connection stays open; longer than the proxy in front keeps it",
  ),
  metricsPort: variable(
    "METRICS_PORT",
    optional(integer(1, 65535)),
    "Prometheus reads `/metrics` there; keep it off the public network",
    "off",
  ),
  productName: variable(
    "PRODUCT_NAME",
    z.string().max(60, { error: "at most 60 characters" }).default("AI usage"),
    "the name in the header",
  ),
  productLogoUrl: variable("PRODUCT_LOGO_URL", optional(logoUrl), "the logo in the header", "none"),
  embedOrigins: variable(
    "EMBED_ORIGINS",
    originsOf("the origins of the pages around it, e.g. https://app.example.com").default([]),
    "whose pages may show the dashboard in a frame ([embedding](docs/embedding.md))",
    "none",
  ),
  // The log reads it itself, because it also has to report a faulty configuration.
  logLevel: variable("LOG_LEVEL", logLevel, "JSON lines on standard output; paths only, never queries"),
  redisUrl: variable(
    "REDIS_URL",
    optional(redisUrl),
    "`redis://`, `rediss://` (TLS) or `redis-sentinel://host:26379,host:26379/<master>`: sessions and limits shared by any number of processes",
    "none",
  ),
  mocks: variable(
    "MOCKS",
    mocks,
    "set by `npm run dev` and `npm run demo`; refused unless all is on loopback",
  ),
};

export type Variables = typeof variables;

/** The names of all of them. */
export const variableNames = Object.values(variables).map(({ name }) => name);

/** A value per variable; null where it is unset without a default. */
export type Values = {
  [Key in keyof Variables]: Variables[Key] extends Variable<infer Value> ? Value : never;
};
