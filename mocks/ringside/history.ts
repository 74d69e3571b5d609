/** A plausible past: weekdays and weekends, growth, scatter and a spike or two. */
import { DAY_MS, startOf, utcDay } from "./calendar.ts";
import { meanCostMicros, type Profile } from "./profiles.ts";
import { hash, random } from "./random.ts";

/** What a Customer used on one UTC day; money in millionths of a USD, so that sums are exact. */
export interface DayTotal {
  micros: number;
  requests: number;
}

const HISTORY_DAYS = 90;

/** The 90 days that end with the day of `now`, which is only as full as it has lasted. Depends on its arguments alone. */
export function pastDays(externalId: string, profile: Profile, now: number): Map<string, DayTotal> {
  const next = random(hash(externalId));
  const spikes = spikeDays(profile.spikes, next);
  const today = utcDay(now);
  const days = new Map<string, DayTotal>();
  for (let index = 0; index < HISTORY_DAYS; index += 1) {
    const day = utcDay(startOf(today) - (HISTORY_DAYS - 1 - index) * DAY_MS);
    const scatter = 1 + profile.noise * (2 * next() - 1);
    const level = 1 - profile.growth * (1 - index / (HISTORY_DAYS - 1));
    const rhythm = [0, 6].includes(new Date(startOf(day)).getUTCDay()) ? profile.weekend : 1;
    const spike = spikes.has(index) ? 3 + 2 * next() : 1;
    const elapsed = day === today ? (now % DAY_MS) / DAY_MS : 1;
    const requests = Math.round(profile.requestsPerDay * scatter * level * rhythm * spike * elapsed);
    const micros = Math.round(requests * meanCostMicros(profile) * (0.9 + 0.2 * next()));
    if (requests > 0) days.set(day, { micros, requests });
  }
  return days;
}

/** Spread over the window and never today, which would be a spike that has hardly begun. */
function spikeDays(count: number, next: () => number): Set<number> {
  const stretch = (HISTORY_DAYS - 1) / Math.max(count, 1);
  return new Set(Array.from({ length: count }, (_, nth) => Math.floor((nth + 0.3 + 0.6 * next()) * stretch)));
}
