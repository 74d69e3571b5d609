import { describe, expect, test, vi } from "vitest";
import { EPOCH } from "#e2e/simulation/clock.ts";
import type { Fault } from "#e2e/simulation/service.ts";
import { type Tab, World } from "#e2e/simulation/world.ts";

/** A world with one tab whose engine has been live for a second. */
async function live(options: Parameters<World["open"]>[0] = {}) {
  const world = new World();
  const tab = world.open(options);
  tab.engine.start();
  await world.clock.pass(1_000);
  expect(tab.engine.snapshot().phase).toBe("live");
  return { world, tab, ...world };
}

const phaseOf = (tab: Tab) => {
  const { phase, reason } = tab.engine.snapshot();
  return reason ? `${phase}/${reason}` : phase;
};

describe("the loop", () => {
  test("shows the page's own figures until the first poll has confirmed them", async () => {
    const world = new World();
    const tab = world.open({ loadedAt: EPOCH - 400 });
    tab.engine.start();
    expect(tab.engine.snapshot()).toMatchObject({
      phase: "starting",
      customer: { spendUsd: 1 },
      updatedAt: EPOCH - 400,
    });
    world.service.spend(1);
    await world.clock.pass(1_000);
    expect(tab.engine.snapshot()).toMatchObject({
      phase: "live",
      customer: { spendUsd: 2 },
      updatedAt: EPOCH + 100,
      counts: { mints: 1, polls: 1, usage: 1 },
    });
  });

  test("figures from a server whose clock is ahead are never from the future", () => {
    const tab = new World().open({ loadedAt: EPOCH + 600_000 });
    tab.engine.start();
    expect(tab.engine.snapshot().updatedAt).toBe(EPOCH);
  });

  test("polls every interval, and never while a poll is under way", async () => {
    const { world } = await live();
    world.service.latencyMs = 9_000;
    await world.clock.pass(60_000);
    const polls = world.service.received.filter(({ kind }) => kind === "poll").map(({ at }) => at);
    const gaps = polls.slice(2).map((at, i) => at - polls[i + 1]!);
    expect(gaps).toHaveLength(3);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(9_000 + 5_000);
  });

  test("a poll that changes nothing keeps the identity of all figures", async () => {
    const { world, tab } = await live({ daily: [] });
    const before = tab.engine.snapshot();
    await world.clock.pass(6_000);
    const after = tab.engine.snapshot();
    expect(after.updatedAt).toBeGreaterThan(before.updatedAt);
    expect(after.customer).toBe(before.customer);
    expect(after.daily).toBe(before.daily);
  });

  test("a budget whose figures did not move keeps its identity although spend moved", async () => {
    const { world, tab } = await live();
    world.service.row = { ...world.service.row, budgets: [{ label: "Team", limit_usd: 5, spent_usd: 1 }] };
    await world.clock.pass(6_000);
    const { budgets } = tab.engine.snapshot().customer;
    expect(budgets).toHaveLength(1);
  });

  test("stop leaves nothing: no timer, no request, no listener, and no answer comes through", async () => {
    const { world, tab } = await live();
    world.service.fault = () => "hang";
    await world.clock.pass(6_000);
    expect(world.service.received.at(-1)?.status).toBe("open");
    tab.engine.stop();
    await world.clock.pass(0);
    expect(world.service.received.at(-1)?.status).toBe("aborted");
    expect(world.clock.pending).toBe(0);
    expect([tab.visible.watched, tab.online.watched]).toEqual([0, 0]);
    const changes = tab.changes();
    await world.clock.pass(120_000);
    expect(tab.changes()).toBe(changes);
  });

  test("survives Strict Mode's start, stop, start with one mint", async () => {
    const world = new World();
    const { engine } = world.open();
    engine.start();
    engine.stop();
    engine.start();
    await world.clock.pass(1_000);
    expect(engine.snapshot().phase).toBe("live");
    expect(world.service.count("mint")).toBe(1);
  });

  test("a listener that stops the engine stops it for good", async () => {
    const { world, tab } = await live();
    tab.engine.subscribe(() => tab.engine.stop());
    await world.clock.pass(60_000);
    expect(world.clock.pending).toBe(0);
  });

  test("sends to Ringside exactly what the contract says", async () => {
    const { world } = await live({ ringsideUrl: "https://ringside.test/v1/" });
    const [mint, poll, daily] = world.service.received;
    expect(mint).toMatchObject({
      url: "/api/mint-client-token",
      init: { method: "POST", credentials: "same-origin", redirect: "manual" },
    });
    expect(mint?.init.body).toBe('{"customer":"cus_1"}');
    expect(poll).toMatchObject({ url: "https://ringside.test/v1/customers/cus_1", token: "token-1" });
    expect(daily?.url).toBe("https://ringside.test/v1/usage?group_by=day&since=2026-08-26");
  });
});

describe("visibility", () => {
  test("a tab that opens hidden sends nothing until it is seen", async () => {
    const world = new World();
    const tab = world.open({ visible: false });
    tab.engine.start();
    await world.clock.pass(600_000);
    expect(world.service.received).toEqual([]);
    expect(phaseOf(tab)).toBe("paused");
    tab.visible.turn(true);
    await world.clock.pass(200);
    expect(phaseOf(tab)).toBe("live");
  });

  test("hiding aborts what is under way and sends nothing; showing polls at once", async () => {
    const { world, tab } = await live();
    world.service.latencyMs = 2_000;
    await world.clock.pass(5_000);
    expect(world.service.received.at(-1)?.status).toBe("open");
    tab.visible.turn(false);
    expect(phaseOf(tab)).toBe("paused");
    expect(tab.engine.snapshot().nextAt).toBe(null);
    await world.clock.pass(3_600_000);
    expect(world.service.received.at(-1)?.status).toBe("aborted");
    const asleep = world.service.received.length;
    tab.visible.turn(true);
    expect(phaseOf(tab)).toBe("starting");
    await world.clock.pass(10);
    expect(world.service.received.length).toBe(asleep + 1);
    await world.clock.pass(5_000);
    expect(phaseOf(tab)).toBe("live");
  });

  test("flicking between tabs never polls more often than the interval", async () => {
    const { world, tab } = await live();
    for (let flick = 0; flick < 60; flick++) {
      tab.visible.turn(false);
      await world.clock.pass(500);
      tab.visible.turn(true);
      await world.clock.pass(500);
    }
    expect(world.service.count("poll")).toBeLessThanOrEqual(13);
    expect(phaseOf(tab)).toBe("live");
  });
});

describe("faults of Ringside", () => {
  const cases: [string, Fault, string][] = [
    ["a dropped connection", "drop", "reconnecting/network"],
    ["an answer that never comes", "hang", "reconnecting/timeout"],
    ["503", { status: 503 }, "reconnecting/ringside_unavailable"],
    ["429", { status: 429, retryAfter: "2" }, "reconnecting/rate_limited"],
    ["broken JSON", { status: 200, body: "{" }, "reconnecting/contract_violation"],
    ["another shape", { status: 200, body: '{"id":"cus_1"}' }, "reconnecting/contract_violation"],
    [
      "another Customer",
      { status: 200, body: '{"id":"cus_2","spend_usd_mtd":9,"request_count_mtd":9}' },
      "reconnecting/contract_violation",
    ],
    [
      "an endless body",
      { status: 200, body: `"${"x".repeat(1_000_001)}"` },
      "reconnecting/contract_violation",
    ],
    ["403 for the origin", { status: 403, code: "origin_not_allowed" }, "blocked/origin_not_allowed"],
    ["403 for the endpoint", { status: 403, code: "endpoint_not_allowed" }, "blocked/endpoint_not_allowed"],
  ];

  test.each(cases)("%s: says so, keeps the figures, and is live again by itself", async (_, fault, phase) => {
    const { world, tab } = await live();
    const { customer, updatedAt } = tab.engine.snapshot();
    const mints = world.service.count("mint");
    world.service.fault = (kind) => (kind === "poll" ? fault : null);
    await world.clock.pass(20_000);
    expect(phaseOf(tab)).toBe(phase);
    expect(tab.engine.snapshot()).toMatchObject({ customer, updatedAt });
    world.service.fault = () => null;
    await world.clock.pass(90_000);
    expect(phaseOf(tab)).toBe("live");
    expect(world.service.count("mint"), "no fault but a 401 or 404 is cured by a token").toBe(mints);
  });

  test("a 401 costs one mint and one rebuilt poll, and nobody notices", async () => {
    const { world, tab } = await live();
    const phases = new Set<string>();
    tab.engine.subscribe(() => phases.add(phaseOf(tab)));
    world.service.expireTokens();
    await world.clock.pass(6_000);
    expect(world.service.received.slice(3).map(({ kind, token, status }) => [kind, token, status])).toEqual([
      ["poll", "token-1", 401],
      ["mint", "token-2", 200],
      ["poll", "token-2", 200],
    ]);
    expect([...phases]).toEqual(["live"]);
  });

  test("a 401 that a renewal has overtaken costs no second mint", async () => {
    const { world, tab } = await live();
    world.service.fault = (kind, { at, token }) =>
      kind === "poll" && at > 240_000 && token === "token-1" ? { status: 401, lateMs: 1_000 } : null;
    await world.clock.pass(260_000);
    expect(phaseOf(tab)).toBe("live");
    expect(world.service.received.filter(({ status }) => status === 401)).toHaveLength(1);
    expect(world.service.count("mint")).toBe(2);
  });

  test("a 401 an hour after the last one is a first one again", async () => {
    const { world, tab } = await live();
    const phases = new Set<string>();
    tab.engine.subscribe(() => phases.add(phaseOf(tab)));
    for (const round of [1, 2, 3]) {
      world.service.expireTokens();
      await world.clock.pass(40_000);
      expect(world.service.count("mint")).toBe(1 + round);
    }
    expect([...phases]).toEqual(["live"]);
  });

  test("a second 401 on a fresh token blocks, probes once a minute, and recovers without a reload", async () => {
    const { world, tab } = await live();
    world.service.fault = (kind) => (kind === "poll" ? { status: 401 } : null);
    await world.clock.pass(6_000);
    expect(phaseOf(tab)).toBe("blocked/token_rejected");
    const [mints, from] = [world.service.count("mint"), world.clock.elapsed];
    await world.clock.pass(600_000);
    expect(world.service.count("mint") - mints).toBeLessThanOrEqual(10);
    expect(world.service.count("poll", from)).toBeLessThanOrEqual(10);
    world.service.fault = () => null;
    await world.clock.pass(76_000);
    expect(phaseOf(tab)).toBe("live");
  });

  test("tokens that are rejected again and again are minted at most once per cool-down", async () => {
    const { world, tab } = await live();
    for (let round = 0; round < 12; round++) {
      world.service.expireTokens();
      await world.clock.pass(5_500);
    }
    expect(world.service.count("mint")).toBeLessThanOrEqual(4);
    await world.clock.pass(40_000);
    expect(phaseOf(tab)).toBe("live");
  });

  test("a Customer unknown to Ringside: one new token, then the page is told, once", async () => {
    const onCustomerMissing = vi.fn();
    const { world, tab } = await live({ onCustomerMissing });
    world.service.row = { ...world.service.row, id: "cus_2" };
    await world.clock.pass(6_000);
    expect(phaseOf(tab)).toBe("reconnecting/customer_missing");
    expect(world.service.count("mint")).toBe(2);
    await world.clock.pass(300_000);
    expect(onCustomerMissing).toHaveBeenCalledTimes(1);
    world.service.row = { ...world.service.row, id: "cus_1" };
    await world.clock.pass(76_000);
    expect(phaseOf(tab)).toBe("live");
  });

  test("a 403 for the old row, once its token is for the Customer made in its place, says the same", async () => {
    const onCustomerMissing = vi.fn();
    const { world, tab } = await live({ onCustomerMissing });
    world.service.fault = (kind, { token }) => {
      if (kind !== "poll") return null;
      return token === "token-1" ? { status: 404 } : { status: 403, code: "endpoint_not_allowed" };
    };
    await world.clock.pass(6_000);
    expect(phaseOf(tab)).toBe("reconnecting/customer_missing");
    expect(onCustomerMissing).toHaveBeenCalledTimes(1);
  });

  test("a Customer that was made again under another id is not taken for a change of user", async () => {
    const onCustomerMissing = vi.fn();
    const { world, tab } = await live({ onCustomerMissing });
    world.service.row = { ...world.service.row, id: "cus_2" };
    world.service.session = "cus_2";
    await world.clock.pass(6_000);
    expect(phaseOf(tab)).toBe("reconnecting/customer_missing");
    expect(onCustomerMissing).toHaveBeenCalledTimes(1);
  });

  test.each([
    ["seconds", "40", 40_000],
    ["an HTTP date", new Date(EPOCH + 46_000).toUTCString(), 40_000],
    ["a day, which is a mistake", "86400", 600_000],
  ])(
    "Retry-After as %s is honoured, also by a tab or a network that returns",
    async (_, retryAfter, least) => {
      for (const restless of [false, true]) {
        const { world, tab } = await live();
        let refusedAt = 0;
        world.service.fault = (kind, { at }) => {
          if (kind !== "poll" || refusedAt) return null;
          refusedAt = at;
          return { status: 503, retryAfter };
        };
        await world.clock.pass(6_000);
        if (restless)
          for (const flag of [tab.visible, tab.online]) {
            flag.turn(false);
            flag.turn(true);
          }
        await world.clock.pass(1_000_000);
        const next = world.service.received.find(({ kind, at }) => kind === "poll" && at > refusedAt);
        expect(next!.at - refusedAt).toBeGreaterThanOrEqual(least);
        expect(next!.at - refusedAt).toBeLessThanOrEqual(least * 1.5 + 1_000);
      }
    },
  );

  test("failures back off with jitter up to a minute", async () => {
    const { world } = await live();
    world.service.fault = () => "drop";
    await world.clock.pass(600_000);
    const polls = world.service.received.filter(({ kind }) => kind === "poll").map(({ at }) => at);
    const gaps = polls.slice(2).map((at, i) => at - polls[i + 1]!);
    expect(gaps[0]).toBeLessThanOrEqual(10_100);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(60_100);
    expect(Math.min(...gaps.slice(3))).toBeGreaterThanOrEqual(30_000);
  });
});

describe("the network", () => {
  test("offline is shown, tried slowly, and tried at once when it comes back", async () => {
    const { world, tab } = await live();
    world.service.fault = () => "drop";
    tab.online.turn(false);
    expect(phaseOf(tab)).toBe("offline/network");
    const from = world.clock.elapsed;
    await world.clock.pass(600_000);
    const tries = world.service.received.filter(({ at }) => at >= from);
    expect(tries.length).toBeGreaterThanOrEqual(8);
    expect(tries.length).toBeLessThanOrEqual(11);
    world.service.fault = () => null;
    tab.online.turn(true);
    await world.clock.pass(5_100);
    expect(phaseOf(tab)).toBe("live");
  });

  test("an answer proves a browser wrong that says offline", async () => {
    const world = new World();
    const tab = world.open({ online: false });
    tab.engine.start();
    expect(phaseOf(tab)).toBe("offline/network");
    await world.clock.pass(1_000);
    expect(phaseOf(tab)).toBe("live");
  });
});
