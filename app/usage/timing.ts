/** How long to wait: arithmetic on a clock that may jump either way, for thousands of clients at once. */

/** A wait since `from`, stored as a length because an absolute end would be wrong after a clock jump. */
export interface Wait {
  readonly from: number;
  readonly ms: number;
  /** The part of it that a server asked for with `Retry-After`, which nothing on our side may cut short. */
  readonly retryAfterMs: number;
}

/** A clock that was set back makes everything due, rather than nothing for as long as it was ahead. */
export const elapsed = (from: number, now: number) => (now >= from ? now - from : Number.POSITIVE_INFINITY);

export const remaining = (wait: Wait | null, now: number) =>
  wait ? Math.max(0, wait.ms - elapsed(wait.from, now)) : 0;

const MAX_BACKOFF_MS = 60_000;
/** A mistaken `Retry-After: 86400` must not need a reload a day later. */
const MAX_RETRY_AFTER_MS = 600_000;
/** How often to retry what only a change of configuration can fix. */
const PROBE_MS = 60_000;

/** Until the next poll: never less than the interval, with jitter so that clients do not poll in step. */
export const pollDelay = (intervalMs: number, random: number) => intervalMs * (1 + 0.1 * random);

/** Exponential backoff with jitter, up to 60 s; a poll interval above 30 s is its own lower bound. */
export function backoffDelay(failures: number, intervalMs: number, random: number): number {
  const base = Math.max(intervalMs, Math.min(MAX_BACKOFF_MS / 2, intervalMs * 2 ** (failures - 1)));
  return base * (1 + random);
}

/** Every client may have been told the same instant: each adds its own jitter, and none comes early. */
export function retryAfterDelay(retryAfterMs: number, intervalMs: number, random: number): number {
  const requested = Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
  return requested + Math.min(Math.max(4 * intervalMs, requested / 2), MAX_BACKOFF_MS) * random;
}

export const probeDelay = (random: number) => PROBE_MS * (1 + 0.25 * random);
