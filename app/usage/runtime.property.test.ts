/** Invariants of the engine under random faults, sleep, visibility changes and clock jumps. A failure prints its schedule. */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { SimulatedBrowser, type Tab } from "#e2e/simulation/browser.ts";
import type { Fault, Received, RequestKind, SimulatedServer } from "#e2e/simulation/server.ts";

/** FC_RUNS=5000 for a long run. */
const numRuns = Number(process.env["FC_RUNS"] ?? 50);
vi.setConfig({ testTimeout: 60_000 + numRuns * 100 });

/** The invariants of what a tab sends, checked at every request. */
/** The poll interval, less floating-point error. */
const INTERVAL_MS = 5_000 - 0.01;
const COOL_DOWN_MS = 30_000 - 0.01;
const REJECTIONS: Received["status"][] = [401, 404];

class Invariants {
  readonly violations: string[] = [];
  #clockChangedAt = Number.NEGATIVE_INFINITY;
  readonly #last: Partial<Record<RequestKind, Received>> = {};
  #mintedSincePoll = 0;
  #lastForcedMintAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly server: SimulatedServer,
    private readonly tab: Tab,
  ) {}

  /** The clock jumped or the device slept: intervals across that moment prove nothing. */
  clockChanged(): void {
    this.#clockChangedAt = this.server.clock.elapsed;
    this.#mintedSincePoll = 0;
  }

  /** Call this when a request is sent, before its reply. */
  sent(call: Received): void {
    const { kind, at } = call;
    const { phase } = this.tab.engine.snapshot();
    this.#expect(this.tab.visible.get(), `a ${kind} from a hidden tab`);
    this.#expect(kind === "mint" || phase !== "signed_out", `a ${kind} after sign-out`);
    const open = this.server.received.filter((other) => other.kind === kind && other.status === "open");
    this.#expect(open.length === 1, `${open.length} of kind ${kind} in flight`);
    const last = this.#last[kind];
    if (kind === "poll") this.#poll(call, last);
    if (kind === "mint") this.#mint(at, last);
    this.#last[kind] = call;
  }

  #poll(call: Received, last: Received | undefined): void {
    this.#mintedSincePoll = 0;
    if (!last || this.#clockChangedAt >= last.at) return;
    const repeated = REJECTIONS.includes(last.status) && call.token !== last.token;
    this.#expect(repeated || call.at - last.at >= INTERVAL_MS, `polls ${call.at - last.at} ms apart`);
    this.#expect(last.status !== 401 || call.token !== last.token, "a rejected token was sent again");
  }

  #mint(at: number, last: Received | undefined): void {
    const poll = this.#last.poll;
    if (!last || this.#clockChangedAt >= last.at) return;
    const forced = poll !== undefined && REJECTIONS.includes(poll.status) && poll.at >= last.at;
    this.#expect(forced || at - last.at >= INTERVAL_MS, `mints ${at - last.at} ms apart`);
    if (last.status === 200 && last.token) this.#mintedSincePoll += 1;
    this.#expect(this.#mintedSincePoll <= 1, "two tokens minted and none of them used");
    if (!forced) return;
    const since = at - this.#lastForcedMintAt;
    this.#expect(
      since >= COOL_DOWN_MS || this.#clockChangedAt >= this.#lastForcedMintAt,
      `forced mints ${since} ms apart`,
    );
    this.#lastForcedMintAt = at;
  }

  #expect(holds: boolean, violation: string): void {
    if (!holds) this.violations.push(`${this.server.clock.elapsed}: ${violation}`);
  }
}

const fault: fc.Arbitrary<Fault | null> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  fc.constantFrom<Fault>("drop", "hang"),
  fc.constantFrom(401, 403, 404, 418, 500, 503).map((status) => ({ status })),
  fc.constantFrom("0", "3", "20", "soon").map((retryAfter) => ({ status: 429, retryAfter })),
  fc.constantFrom("{", "{}", "[{}]", '{"token":1}').map((body) => ({ status: 200, body })),
);

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("pass"), ms: fc.nat(60_000) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("pass"), ms: fc.nat(400) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("fault"),
      on: fc.constantFrom<RequestKind>("mint", "poll", "daily"),
      fault,
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("visible"), on: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("online"), on: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("latency"), ms: fc.constantFrom(1, 50, 3_000, 9_000, 15_000) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("expire") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("spend") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("sleep"), ms: fc.nat(9 * 3_600_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("jump"), ms: fc.integer({ min: -900_000, max: 900_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart") }) },
);
type Step = { do: string; ms?: number; on?: boolean | RequestKind; fault?: Fault | null };

/** A tab whose requests are checked: `run` plays a schedule, `violations` lists the invariants that it broke. */
function observed(seed: number) {
  const browser = new SimulatedBrowser(seed);
  const { clock, server } = browser;
  const tab = browser.open();
  const invariants = new Invariants(server, tab);
  const faults: Partial<Record<RequestKind, Fault | null>> = {};
  server.fault = (kind, call) => {
    invariants.sent(call);
    return faults[kind] ?? null;
  };
  tab.engine.start();

  async function run(steps: Step[]): Promise<void> {
    for (const { do: what, ms = 0, on, fault = null } of steps) {
      if (what === "pass") await clock.pass(ms);
      if (what === "fault") faults[on as RequestKind] = fault;
      if (what === "visible") tab.visible.set(on === true);
      if (what === "online") tab.online.set(on === true);
      if (what === "latency") server.latencyMs = ms;
      if (what === "expire") server.expireTokens();
      if (what === "spend") server.spend(0.5);
      if (what === "sleep") clock.sleep(ms);
      if (what === "jump") clock.jump(ms);
      if (what === "restart") {
        tab.engine.stop();
        tab.engine.start();
      }
      if (["sleep", "jump", "restart"].includes(what)) invariants.clockChanged();
    }
  }

  const endFaults = () => {
    for (const kind of ["mint", "poll", "daily"] as const) faults[kind] = null;
    server.latencyMs = 50;
  };
  return { browser, tab, invariants, run, endFaults };
}

const schedules = fc.array(step, { maxLength: 40 });
const seeds = fc.integer();
const phaseOf = ({ engine }: Tab) => engine.snapshot().phase;

test("one poll and one mint at a time, none while hidden, none before the interval, one new token per rejection", async () => {
  await fc.assert(
    fc.asyncProperty(schedules, seeds, async (steps, seed) => {
      const { invariants, run } = observed(seed);
      await run(steps as Step[]);
      expect(invariants.violations).toEqual([]);
    }),
    { numRuns },
  );
});

test("after any schedule, a visible tab returns to live by itself with the figures of the server", async () => {
  await fc.assert(
    fc.asyncProperty(schedules, seeds, async (steps, seed) => {
      const { browser, tab, run, endFaults } = observed(seed);
      await run(steps as Step[]);
      endFaults();
      tab.visible.set(true);
      await browser.clock.pass(30_000);
      if (phaseOf(tab) === "signed_out") {
        // The mint returned 401. The user signs in again in another tab, then returns to this one.
        tab.visible.set(false);
        tab.visible.set(true);
      }
      // The longest wait: a probe that finds its token expired, and probes again with a new one.
      await browser.clock.pass(180_000);
      expect(phaseOf(tab)).toBe("live");
      browser.server.spend(1);
      await browser.clock.pass(6_000);
      expect(tab.engine.snapshot().customer.spendUsd).toBe(browser.server.row.spend_usd_mtd);
      expect(tab.engine.snapshot().dailyReason).toBe(null);
    }),
    { numRuns },
  );
});

test("a tab shown after the faults ended sends a request within one interval, unless a server asked it to wait", async () => {
  await fc.assert(
    fc.asyncProperty(schedules, seeds, async (steps, seed) => {
      const { browser, tab, run, endFaults } = observed(seed);
      await run(
        (steps as Step[]).filter(
          ({ fault }) => !(fault && typeof fault === "object" && "retryAfter" in fault),
        ),
      );
      tab.visible.set(false);
      endFaults();
      if (phaseOf(tab) === "signed_out") return;
      const sent = browser.server.received.length;
      tab.visible.set(true);
      await browser.clock.pass(5_000);
      expect(browser.server.received.length).toBeGreaterThan(sent);
    }),
    { numRuns },
  );
});

test("after stop nothing is pending and nothing is sent", async () => {
  await fc.assert(
    fc.asyncProperty(schedules, seeds, async (steps, seed) => {
      const { browser, tab, run, endFaults } = observed(seed);
      await run(steps as Step[]);
      tab.engine.stop();
      await browser.clock.pass(0);
      expect(browser.server.received.filter(({ status }) => status === "open")).toEqual([]);
      expect(tab.visible.watched + tab.online.watched).toBe(0);
      endFaults();
      // What is left are the servers' own timers, whose replies are discarded.
      await browser.clock.pass(15_000);
      expect(browser.clock.pending).toBe(0);
      const [changes, sent] = [tab.changes(), browser.server.received.length];
      tab.visible.set(!tab.visible.get());
      tab.online.set(!tab.online.get());
      await browser.clock.pass(600_000);
      expect([tab.changes(), browser.server.received.length]).toEqual([changes, sent]);
    }),
    { numRuns },
  );
});

test("live means that Ringside confirmed the figures within the last poll's time", async () => {
  await fc.assert(
    fc.asyncProperty(schedules, seeds, async (steps, seed) => {
      const { browser, tab, run } = observed(seed);
      let confirmedAt = Number.NEGATIVE_INFINITY;
      let updatedAt = tab.engine.snapshot().updatedAt;
      tab.engine.subscribe(() => {
        const next = tab.engine.snapshot();
        if (next.updatedAt !== updatedAt) confirmedAt = browser.clock.awake;
        updatedAt = next.updatedAt;
      });
      for (const one of steps as Step[]) {
        await run([one]);
        const { phase } = tab.engine.snapshot();
        // An interval, then at worst three replies that each take up to the timeout: 401, mint, poll.
        if (phase === "live") expect(browser.clock.awake - confirmedAt).toBeLessThanOrEqual(5_500 + 30_000);
      }
    }),
    { numRuns },
  );
});
