/** How often one user may ask for a token. In memory: one process counts for itself. */
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";

/**
 * A page mints about once in 4 minutes (once in 45 s at the shortest TTL), so this leaves room for dozens of
 * tabs, while a stolen session cannot make us hammer Ringside.
 */
const mints = new RateLimiterMemory({ points: 60, duration: 60 });

/** Counts a mint. Null when it may go on, else the seconds to wait. */
export async function mintLimit(key: string): Promise<number | null> {
  try {
    await mints.consume(key);
    return null;
  } catch (rejection) {
    if (rejection instanceof RateLimiterRes) return Math.max(1, Math.ceil(rejection.msBeforeNext / 1000));
    throw rejection;
  }
}
