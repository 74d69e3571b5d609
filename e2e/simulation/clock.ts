/** Simulated time: it passes only when a test says so. Also seeded random numbers, so that runs repeat. */

/** Monday, 23 November 2026, 12:00 UTC. */
export const EPOCH = Date.UTC(2026, 10, 23, 12);

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export class Clock {
  /** The time that timers run on: it stands still while the device sleeps. */
  #awake = 0;
  #asleep = 0;
  #offset = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  /** Milliseconds since the start; the servers' clocks. */
  get elapsed(): number {
    return this.#awake + this.#asleep;
  }

  /** The part of it in which timers ran. */
  get awake(): number {
    return this.#awake;
  }

  /** The browser's own clock, which may be wrong. */
  readonly now = () => EPOCH + this.elapsed + this.#offset;

  get pending(): number {
    return this.#timers.size;
  }

  readonly after = (ms: number, run: () => void) => {
    const timer = { at: this.#awake + Math.max(0, ms), order: this.#order++, run };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  };

  /** Lets time pass and runs timers; promises settle between any two of them. */
  async pass(ms: number): Promise<void> {
    const end = this.#awake + ms;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#awake = Math.max(this.#awake, next.at);
      this.#timers.delete(next);
      next.run();
      await settle();
    }
    this.#awake = end;
  }

  /** The device sleeps: time passes, no timer runs. */
  sleep(ms: number): void {
    this.#asleep += ms;
  }

  /** Sets the browser's clock forwards, or backwards when negative. */
  jump(ms: number): void {
    this.#offset += ms;
  }

  #next(end: number): Timer | null {
    let next: Timer | null = null;
    for (const timer of this.#timers)
      if (
        timer.at <= end &&
        (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order))
      )
        next = timer;
    return next;
  }
}

/** Waits until every promise that can settle has settled: one request takes about ten microtasks. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await null;
}

/** mulberry32: a small seeded generator of numbers in [0, 1). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
