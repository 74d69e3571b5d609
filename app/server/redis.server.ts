/** This process's one connection to Redis, where REDIS_URL is set. It fails fast, and mends itself. */
import { Redis, type RedisOptions } from "ioredis";
import { config } from "#app/config/config.server.ts";
import { log } from "#app/server/log.server.ts";

/** In front of every key, so that a Redis can be shared with others. */
export const KEY_PREFIX = "usage-dashboard:";

/**
 * Somebody waits for an answer, and a clear "not now" is a better one than a page that hangs: nothing is queued
 * while Redis is away (a queue would fill the memory, and then run what nobody waits for any more), nothing is
 * sent twice, and every command has a second.
 */
const FAIL_FAST = {
  connectTimeout: 2_000,
  commandTimeout: 1_000,
  // A Redis that hangs keeps its socket open; only a new connection tells when it is back.
  socketTimeout: 3_000,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // Soon, as outages are short; with jitter, as every process lost it in the same moment.
  retryStrategy: (attempt) => Math.min(100 * 2 ** Math.min(attempt, 5), 2_000) * (0.5 + Math.random() / 2),
} satisfies RedisOptions;

/** @param url with user, password and database where there are any; `rediss:` for TLS */
function connectRedis(url: URL): Redis {
  const redis = new Redis(url.href, FAIL_FAST);
  // Told once per outage: there is a new error at every attempt. Without a listener the first would end the process.
  let away = false;
  redis.on("error", (error: NodeJS.ErrnoException) => {
    if (!away) log.error({ event: "redis_away", detail: error.message || error.code });
    away = true;
  });
  redis.on("ready", () => {
    if (away) log.info({ event: "redis_back" });
    away = false;
  });
  return redis;
}

const FIRST_CONTACT_MS = 5_000;

/**
 * Resolves once Redis can be used; after 5 s all the same, for a page that says so is better than none. A process
 * that takes requests before would turn away people whom its neighbours know.
 */
export function firstContact(connection: Redis): Promise<void> {
  return new Promise((resolve) => {
    if (connection.status === "ready") resolve();
    connection.once("ready", () => resolve());
    setTimeout(resolve, FIRST_CONTACT_MS).unref();
  });
}

let current: Redis | null | undefined;

/** The connection; null when this deployment has no Redis. */
export function redis(): Redis | null {
  const { redisUrl } = config();
  current ??= redisUrl && connectRedis(redisUrl);
  return current;
}
