/** How long to wait: arithmetic on a clock that may jump either way, for thousands of clients at once. */

/** A stretch of time that began at `from`, kept as a length because an instant is wrong after a clock jump. */
export interface Wait {
  readonly from: number;
  readonly ms: number;
  /** How much of it a server asked for (`Retry-After`): that much, nothing on our side may cut short. */
  readonly askedMs: number;
}

/** A clock that was set back makes everything due, rather than nothing for as long as it was ahead. */
export const elapsed = (from: number, now: number) => (now >= from ? now - from : Number.POSITIVE_INFINITY);

export const remaining = (wait: Wait | null, now: number) =>
  wait ? Math.max(0, wait.ms - elapsed(wait.from, now)) : 0;

const MAX_BACKOFF_MS = 60_000;
/** A mistaken `Retry-After: 86400` must not need a reload a day later. */
const MAX_RETRY_AFTER_MS = 600_000;
/** How often a state that waits for somebody to mend something looks whether it was mended. */
const PROBE_MS = 60_000;

/** The steady pace: never quicker than the interval, never in step with the neighbours. */
export const steady = (intervalMs: number, random: number) => intervalMs * (1 + 0.1 * random);

/** Exponential with jitter up to 60 s; a poll interval above 30 s is its own lower bound. */
export function backoff(failures: number, intervalMs: number, random: number): number {
  const base = Math.max(intervalMs, Math.min(MAX_BACKOFF_MS / 2, intervalMs * 2 ** (failures - 1)));
  return base * (1 + random);
}

/** Everybody was told the same moment, so everybody must miss it by a different length, and never come early. */
export function afterRetryAfter(retryAfterMs: number, intervalMs: number, random: number): number {
  const asked = Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
  return asked + Math.min(Math.max(4 * intervalMs, asked / 2), MAX_BACKOFF_MS) * random;
}

export const slowProbe = (random: number) => PROBE_MS * (1 + 0.25 * random);
