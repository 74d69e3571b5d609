/** Random faults drawn from a seed: the same seed gives the same ten minutes. */
import { FAULT_NAMES } from "#mocks/ringside/faults.ts";
import type { Fault } from "../control/ringside.ts";

export interface Step {
  ms: number;
  /** Null: the current faults continue. */
  event:
    | { fault: Fault }
    | { clearFaults: true }
    | { spend: number }
    | { visible: boolean }
    | { offline: boolean }
    | null;
}

/** `expire_now` happens at once and takes no call or count, so it is drawn apart. */
const FAULTS = FAULT_NAMES.filter((name) => name !== "expire_now");
const CALLS = ["customer", "usage", "mint", "any"] as const;

/** Steps of 2 to 14 s that take `totalMs` together. */
export function chaos(seed: number, totalMs: number): Step[] {
  const random = randomFrom(seed);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  const steps: Step[] = [];
  for (let left = totalMs; left > 0; ) {
    const ms = Math.min(left, 2_000 + Math.floor(12_000 * random()));
    left -= ms;
    steps.push({ ms, event: eventOf(random(), pick, random) });
  }
  return steps;
}

function eventOf(dice: number, pick: <T>(from: readonly T[]) => T, random: () => number): Step["event"] {
  if (dice < 0.3) {
    const times = random() < 0.5 ? 1 + Math.floor(3 * random()) : null;
    const retry_after = 1 + Math.floor(20 * random());
    return { fault: { fault: pick(FAULTS), on: pick(CALLS), times, retry_after, delay_ms: 100 } };
  }
  if (dice < 0.34) return { fault: { fault: "expire_now" } };
  if (dice < 0.56) return { clearFaults: true };
  if (dice < 0.8) return { spend: Math.ceil(500 * random()) / 100 };
  if (dice < 0.87) return { visible: random() < 0.6 };
  if (dice < 0.94) return { offline: random() < 0.4 };
  return null;
}

/** Mulberry32: small, and the same everywhere. In [0, 1). */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
