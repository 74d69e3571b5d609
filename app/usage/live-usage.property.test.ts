/** Laws that hold over any schedule of faults, sleeps, flips and clock jumps. A failure prints its schedule. */
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { Laws } from "#e2e/simulation/laws.ts";
import type { CallKind, Fault } from "#e2e/simulation/service.ts";
import { type Tab, World } from "#e2e/simulation/world.ts";

/** FC_RUNS=5000 for a long night. */
const numRuns = Number(process.env["FC_RUNS"] ?? 50);
vi.setConfig({ testTimeout: 60_000 + numRuns * 100 });

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
      on: fc.constantFrom<CallKind>("mint", "poll", "daily"),
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
type Step = { do: string; ms?: number; on?: boolean | CallKind; fault?: Fault | null };

/** A tab under observation: `run` plays a schedule, `breaches` says which laws it broke. */
function observed(seed: number) {
  const world = new World(seed);
  const { clock, service } = world;
  const tab = world.open();
  const laws = new Laws(service, tab);
  const faults: Partial<Record<CallKind, Fault | null>> = {};
  service.fault = (kind, call) => {
    laws.sent(call);
    return faults[kind] ?? null;
  };
  tab.engine.start();

  async function run(steps: Step[]): Promise<void> {
    for (const { do: what, ms = 0, on, fault = null } of steps) {
      if (what === "pass") await clock.pass(ms);
      if (what === "fault") faults[on as CallKind] = fault;
      if (what === "visible") tab.visible.turn(on === true);
      if (what === "online") tab.online.turn(on === true);
      if (what === "latency") service.latencyMs = ms;
      if (what === "expire") service.expireTokens();
      if (what === "spend") service.spend(0.5);
      if (what === "sleep") clock.sleep(ms);
      if (what === "jump") clock.jump(ms);
      if (what === "restart") {
        tab.engine.stop();
        tab.engine.start();
      }
      if (["sleep", "jump", "restart"].includes(what)) laws.disturbed();
    }
  }

  const heal = () => {
    for (const kind of ["mint", "poll", "daily"] as const) faults[kind] = null;
    service.latencyMs = 50;
  };
  return { world, tab, laws, run, heal };
}

const schedules = fc.array(step, { maxLength: 40 });
const seeds = fc.integer();
const phaseOf = ({ engine }: Tab) => engine.snapshot().phase;

test("one poll and one mint at a time, none while hidden, never faster than the pace, one new token per refusal", async () => {
  await fc.assert(
    fc.asyncProperty(schedules, seeds, async (steps, seed) => {
      const { laws, run } = observed(seed);
      await run(steps as Step[]);
      expect(laws.breaches).toEqual([]);
    }),
    { numRuns },
  );
});

test("whatever happened, a visible tab is live again by itself, with the figures of the ledger", async () => {
  await fc.assert(
    fc.asyncProperty(schedules, seeds, async (steps, seed) => {
      const { world, tab, run, heal } = observed(seed);
      await run(steps as Step[]);
      heal();
      tab.visible.turn(true);
      await world.clock.pass(30_000);
      if (phaseOf(tab) === "signed_out") {
        // The mint said so. Whoever signs in again does it in another tab, and comes back to this one.
        tab.visible.turn(false);
        tab.visible.turn(true);
      }
      // The longest wait: a slow probe that finds its token dead, and probes again with a fresh one.
      await world.clock.pass(180_000);
      expect(phaseOf(tab)).toBe("live");
      world.service.spend(1);
      await world.clock.pass(6_000);
      expect(tab.engine.snapshot().customer.spendUsd).toBe(world.service.row.spend_usd_mtd);
      expect(tab.engine.snapshot().dailyReason).toBe(null);
    }),
    { numRuns },
  );
});

test("a tab that returns after the trouble asks within one interval, unless a server asked it to wait", async () => {
  await fc.assert(
    fc.asyncProperty(schedules, seeds, async (steps, seed) => {
      const { world, tab, run, heal } = observed(seed);
      await run(
        (steps as Step[]).filter(
          ({ fault }) => !(fault && typeof fault === "object" && "retryAfter" in fault),
        ),
      );
      tab.visible.turn(false);
      heal();
      if (phaseOf(tab) === "signed_out") return;
      const sent = world.service.received.length;
      tab.visible.turn(true);
      await world.clock.pass(5_000);
      expect(world.service.received.length).toBeGreaterThan(sent);
    }),
    { numRuns },
  );
});

test("after stop nothing is pending and nothing happens any more", async () => {
  await fc.assert(
    fc.asyncProperty(schedules, seeds, async (steps, seed) => {
      const { world, tab, run, heal } = observed(seed);
      await run(steps as Step[]);
      tab.engine.stop();
      await world.clock.pass(0);
      expect(world.service.received.filter(({ status }) => status === "open")).toEqual([]);
      expect(tab.visible.watched + tab.online.watched).toBe(0);
      heal();
      // What is left are the servers' own clocks, on their way to answer into the void.
      await world.clock.pass(15_000);
      expect(world.clock.pending).toBe(0);
      const [changes, sent] = [tab.changes(), world.service.received.length];
      tab.visible.turn(!tab.visible.get());
      tab.online.turn(!tab.online.get());
      await world.clock.pass(600_000);
      expect([tab.changes(), world.service.received.length]).toEqual([changes, sent]);
    }),
    { numRuns },
  );
});

test("live means that Ringside confirmed the figures a moment ago", async () => {
  await fc.assert(
    fc.asyncProperty(schedules, seeds, async (steps, seed) => {
      const { world, tab, run } = observed(seed);
      let confirmedAt = Number.NEGATIVE_INFINITY;
      let updatedAt = tab.engine.snapshot().updatedAt;
      tab.engine.subscribe(() => {
        const next = tab.engine.snapshot();
        if (next.updatedAt !== updatedAt) confirmedAt = world.clock.awake;
        updatedAt = next.updatedAt;
      });
      for (const one of steps as Step[]) {
        await run([one]);
        const { phase } = tab.engine.snapshot();
        // An interval, then at worst three answers that each take up to the timeout: 401, mint, poll.
        if (phase === "live") expect(world.clock.awake - confirmedAt).toBeLessThanOrEqual(5_500 + 30_000);
      }
    }),
    { numRuns },
  );
});
