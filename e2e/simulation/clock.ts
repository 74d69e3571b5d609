/** Simulated time: nothing moves until a test says so, and the same seed gives the same run. */

/** Monday, 23 November 2026, 12:00 UTC. */
export const EPOCH = Date.UTC(2026, 10, 23, 12);

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export class Clock {
  /** What timers run on: it stands still while the laptop sleeps. */
  #awake = 0;
  #asleep = 0;
  #wrong = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  /** Milliseconds of true time since the start; what servers and the laws of physics go by. */
  get elapsed(): number {
    return this.#awake + this.#asleep;
  }

  /** The part of it in which timers ran. */
  get awake(): number {
    return this.#awake;
  }

  /** The browser's wall clock, right or wrong. */
  readonly now = () => EPOCH + this.elapsed + this.#wrong;

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

  /** Lets time pass with everything awake; promises settle between any two timers. */
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

  /** Closes the lid: time passes, no timer runs. */
  sleep(ms: number): void {
    this.#asleep += ms;
  }

  /** Sets the browser's wall clock forwards, or backwards when negative. */
  jump(ms: number): void {
    this.#wrong += ms;
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

/** Until every promise that can settle has: one request takes some ten turns of the queue. */
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
