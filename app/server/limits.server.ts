/** How often somebody may ask: counted by this process, or by all of them together where there is a Redis. */
import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import {
  type IRateLimiterOptions,
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from "rate-limiter-flexible";
import { config } from "#app/config/config.server.ts";
import { KEY_PREFIX, redis } from "#app/server/redis.server.ts";

/**
 * A page mints about once in 4 minutes (once in 45 s at the shortest TTL), so this leaves room for dozens of
 * tabs, while a stolen session cannot make us hammer Ringside.
 */
const MINTS_PER_MINUTE = 60;

/** Counts one. Null when it may go on, else the seconds to wait. */
export type Limit = (key: string) => Promise<number | null>;

/** By whatever stands for one person, see `CurrentUser.limitKey`. */
export const mintLimit: Limit = (key) => limit("mints", MINTS_PER_MINUTE, key);

/** By the client's address. */
export const signInLimit: Limit = (address) =>
  limit("sign-ins", config().signInsPerMinute, networkOf(address));

const limiters = new Map<string, RateLimiterAbstract>();

async function limit(name: string, perMinute: number, key: string): Promise<number | null> {
  const limiter = limiters.get(name) ?? createLimiter(name, perMinute);
  limiters.set(name, limiter);
  try {
    // Hashed: a key says who somebody is, or where.
    await limiter.consume(createHash("sha256").update(key).digest("base64url"));
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
  // While Redis is away each process counts for itself: a limit is no reason to turn anybody away.
  return new RateLimiterRedis({
    ...options,
    storeClient: connection,
    insuranceLimiter: own,
    rejectIfRedisNotReady: true,
  });
}

/** What one subscriber has: an IPv4 address, or an IPv6 /64, of which one machine can use every address. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.replace(/%.*$/, "").split("::");
  const groups = head.split(":").filter(Boolean);
  if (tail !== undefined) {
    const rest = tail.split(":").filter(Boolean);
    groups.push(...Array<string>(8 - groups.length - rest.length).fill("0"), ...rest);
  }
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
