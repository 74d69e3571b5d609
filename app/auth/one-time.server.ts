/**
 * What may be used once: a sign-in attempt, a hand-over code. Remembered in this process, or by all processes together
 * where there is a Redis; while that does not respond nothing can be used.
 */
import { KEY_PREFIX, redis } from "#app/server/redis.server.ts";
import { reach } from "./session-store.server.ts";

export interface OneTimeValue {
  /** Random and never shown, so that it tells nothing in Redis. */
  id: string;
  /** Milliseconds since the epoch. */
  issuedAt: number;
}

/** True for the first caller, false for every later one. @throws AuthUnavailable */
export type ClaimOnce = (value: OneTimeValue) => Promise<boolean>;

/** @param ttlSeconds after which its owner refuses a value anyway */
export function createClaimOnce(ttlSeconds: number): ClaimOnce {
  const connection = redis();
  if (!connection) {
    const use = createClaimOnceInMemory(ttlSeconds);
    return async (value) => use(value);
  }
  return async ({ id }) =>
    (await reach(() => connection.set(`${KEY_PREFIX}used:${id}`, "1", "EX", ttlSeconds, "NX"))) === "OK";
}

/** About 20 MB. */
const MAX_ENTRIES = 100_000;

/**
 * When full it forgets the oldest entry and refuses every value that is as old, so that a flood makes slow users start
 * again and makes nothing usable twice.
 */
export function createClaimOnceInMemory(
  ttlSeconds: number,
  maxEntries = MAX_ENTRIES,
): (value: OneTimeValue) => boolean {
  const used = new Map<string, OneTimeValue>();
  let refusedUpTo = Number.NEGATIVE_INFINITY;

  return (value) => {
    if (used.has(value.id) || value.issuedAt <= refusedUpTo) return false;
    const expired = Date.now() - ttlSeconds * 1000;
    for (const [id, { issuedAt }] of used) {
      if (issuedAt >= expired && used.size < maxEntries) break;
      used.delete(id);
      refusedUpTo = Math.max(refusedUpTo, issuedAt);
    }
    used.set(value.id, value);
    return true;
  };
}
