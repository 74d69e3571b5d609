/** A browser with tabs, a network and two servers in simulated time. */
import type { Customer } from "#app/ringside/contract.ts";
import { createLiveUsage, type Flag, type LiveUsage, type LiveUsageOptions } from "#app/usage/runtime.ts";
import type { TabMessage } from "#app/usage/tabs.ts";
import { Clock, randomOf } from "./clock.ts";
import { SimulatedServer } from "./server.ts";

const CUSTOMER: Customer = {
  id: "cus_1",
  spendUsd: 1,
  requestCount: 10,
  budgets: [],
  walletUsd: null,
};

class Toggle implements Flag {
  readonly #watchers = new Set<() => void>();
  constructor(private on: boolean) {}
  readonly get = () => this.on;
  readonly watch = (onChange: () => void) => {
    this.#watchers.add(onChange);
    return () => {
      this.#watchers.delete(onChange);
    };
  };
  set(on: boolean): void {
    if (on === this.on) return;
    this.on = on;
    for (const watcher of this.#watchers) watcher();
  }
  get watched(): number {
    return this.#watchers.size;
  }
}

export interface Tab {
  readonly engine: LiveUsage;
  readonly visible: Toggle;
  readonly online: Toggle;
  /** How often the engine notified its subscribers. */
  readonly changes: () => number;
  /** As a browser freezes a tab to save memory: timers and messages wait until it is resumed. */
  freeze(): void;
  resume(): void;
}

export class SimulatedBrowser {
  readonly clock = new Clock();
  readonly server = new SimulatedServer(this.clock);
  readonly #random: () => number;
  readonly #channel = new Set<(message: TabMessage) => void>();

  constructor(seed = 1) {
    this.#random = randomOf(seed);
  }

  /** Opens a tab on `CUSTOMER`'s page; its engine is not started yet. */
  open(options: Partial<LiveUsageOptions> & { visible?: boolean; online?: boolean } = {}): Tab {
    const visible = new Toggle(options.visible ?? true);
    const online = new Toggle(options.online ?? true);
    let changes = 0;
    let frozen: (() => unknown)[] | null = null;
    const whenResumed = (run: () => unknown) => (frozen ? void frozen.push(run) : run());
    const engine = createLiveUsage(
      {
        ...{ customer: CUSTOMER, daily: null, loadedAt: this.clock.now(), pollIntervalMs: 5_000 },
        ...{ ringsideUrl: "https://ringside.test/v1", ...options },
      },
      {
        fetch: this.server.fetch,
        now: this.clock.now,
        after: (ms, run) => {
          let pending = true;
          const cancel = this.clock.after(ms, () => whenResumed(() => pending && run()));
          return () => {
            pending = false;
            cancel();
          };
        },
        random: this.#random,
        visible,
        online,
        joinTabs: (onMessage) => this.joinTabs((message) => whenResumed(() => onMessage(message))),
      },
    );
    engine.subscribe(() => {
      changes += 1;
    });
    return {
      ...{ engine, visible, online, changes: () => changes },
      freeze() {
        frozen = [];
      },
      resume() {
        const waiting = frozen ?? [];
        frozen = null;
        for (const run of waiting) run();
      },
    };
  }

  /** The BroadcastChannel: every other tab gets the message, a moment later. */
  joinTabs(onMessage: (message: TabMessage) => void) {
    this.#channel.add(onMessage);
    return {
      tell: (message: TabMessage) => {
        for (const other of this.#channel)
          if (other !== onMessage) this.clock.after(1, () => this.#channel.has(other) && other(message));
      },
      leave: () => {
        this.#channel.delete(onMessage);
      },
    };
  }
}
