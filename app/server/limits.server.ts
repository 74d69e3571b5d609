/** Rate limits: counted by this process, or by all processes together where there is a Redis. */
import {
  type IRateLimiterOptions,
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from "rate-limiter-flexible";
import { createKeyedHash, type KeyedHash } from "#app/auth/session-secret.server.ts";
import { config } from "#app/config/config.server.ts";
import { networkOf } from "./client-address.server.ts";
import { KEY_PREFIX, redis } from "./redis.server.ts";

/**
 * A page mints about once in 4 minutes (once in 45 s at the shortest TTL), so this leaves room for dozens of
 * tabs, while a stolen session cannot make us hammer Ringside.
 */
const MINTS_PER_MINUTE = 60;

/** Counts one. Null when it may go on, else the seconds to wait. */
export type Limit = (key: string) => Promise<number | null>;

/** @param key what identifies one user, see `CurrentUser.limitKey` */
export const mintLimit: Limit = (key) => limit("mints", MINTS_PER_MINUTE, key);

/** @param address the client's */
export const signInLimit: Limit = (address) =>
  limit("sign-ins", config().signInsPerMinute, networkOf(address));

/** By the client's address: callbacks that belong to no sign-in. They are apart, as any page can make browsers send them. */
export const callbackLimit: Limit = (address) =>
  limit("callbacks", config().signInsPerMinute, networkOf(address));

const limiters = new Map<string, RateLimiterAbstract>();

let hash: KeyedHash | undefined;

async function limit(name: string, perMinute: number, key: string): Promise<number | null> {
  const limiter = limiters.get(name) ?? createLimiter(name, perMinute);
  limiters.set(name, limiter);
  try {
    // Hashed: a key says which user it is, or where they are.
    hash ??= createKeyedHash(config(), "redis-limits");
    await limiter.consume(hash(key));
    return null;
  } catch (rejection) {
    if (rejection instanceof RateLimiterRes) return Math.max(1, Math.ceil(rejection.msBeforeNext / 1000));
    throw rejection;
  }
}

function createLimiter(name: string, perMinute: number): RateLimiterAbstract {
  const options: IRateLimiterOptions = {
    keyPrefix: `${KEY_PREFIX}limit:${name}`,
    points: perMinute,
    duration: 60,
  };
  const own = new RateLimiterMemory(options);
  const connection = redis();
  if (!connection) return own;
  // While Redis is unavailable each process counts for itself: a limit must not stop sign-ins.
  return new RateLimiterRedis({
    ...options,
    storeClient: connection,
    insuranceLimiter: own,
    rejectIfRedisNotReady: true,
  });
}
