/**
 * Usage that goes on growing while somebody looks. A pure function of time: no timer runs, a read computes what has
 * happened since the last one, and a test that owns the clock knows exactly what it will see.
 */
import { costMicros, type Profile } from "./profiles.ts";
import { random } from "./random.ts";

export interface TrafficCall {
  /** Milliseconds since the epoch. */
  at: number;
  micros: number;
}

const SLOT_MS = 4_000;

/** The calls in (from, to]. One in the middle half of every 4 s slot, so that they come 2 to 6 s after one another. */
export function callsBetween(seed: number, profile: Profile, from: number, to: number): TrafficCall[] {
  const calls: TrafficCall[] = [];
  for (let slot = Math.floor(from / SLOT_MS); slot * SLOT_MS <= to; slot += 1) {
    const next = random(seed ^ Math.imul(slot, 0x9e3779b1));
    const at = slot * SLOT_MS + Math.floor(SLOT_MS * (0.25 + 0.5 * next()));
    if (at > from && at <= to) calls.push({ at, micros: costMicros(profile, next()) });
  }
  return calls;
}
