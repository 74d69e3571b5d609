/** Every variable of the app's own: its form, its bounds and its default. What depends on others is in config.server.ts. */
import { z } from "zod";
import { flag, integer, originOf, originsOf, webUrl } from "./fields.server.ts";
import { redisUrl } from "./redis-url.server.ts";

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

export const variables = z.object({
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
  SIGN_INS_PER_MINUTE: integer(1, 100_000).default(300),
  METRICS_PORT: integer(1, 65535).optional(),
  REDIS_URL: redisUrl.optional(),
  EMBED_ORIGINS: originsOf("the origins of the pages around it, e.g. https://app.example.com").default([]),
  PRODUCT_NAME: z.string().max(60, { error: "at most 60 characters" }).default("AI usage"),
  PRODUCT_LOGO_URL: z
    .string()
    .regex(/^(\/|https:\/\/)/, { error: "must be a path on this app or an https address" })
    .optional(),
  LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
      error: "is one of trace, debug, info, warn, error, fatal, silent",
    })
    .default("info"),
});
