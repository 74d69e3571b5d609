/** The engine and its token: when it mints, when it does not, and what a mint that fails does to the page. */
import { describe, expect, test } from "vitest";
import type { Fault } from "#e2e/simulation/service.ts";
import { type Tab, World } from "#e2e/simulation/world.ts";

const MINUTE = 60_000;

async function live(ttlMs = 300_000) {
  const world = new World();
  world.service.ttlMs = ttlMs;
  const tab = world.open();
  tab.engine.start();
  await world.clock.pass(1_000);
  expect(phaseOf(tab)).toBe("live");
  return { world, tab };
}

const phaseOf = (tab: Tab) => {
  const { phase, reason } = tab.engine.snapshot();
  return reason ? `${phase}/${reason}` : phase;
};

/** Every phase but `live` that the tab goes through from now on. */
function stumbles(tab: Tab): string[] {
  const seen: string[] = [];
  tab.engine.subscribe(() => {
    const phase = phaseOf(tab);
    if (phase !== "live" && phase !== seen.at(-1)) seen.push(phase);
  });
  return seen;
}

const statuses = (world: World) => world.service.received.map(({ status }) => status);

describe("renewal", () => {
  test.each([
    ["300 s", 300_000, 16],
    ["60 s", 60_000, 75],
    ["3600 s", 3_600_000, 16],
  ])("a %s token never expires in use, and is not minted per poll", async (_, ttlMs, perHour) => {
    const { world, tab } = await live(ttlMs);
    const seen = stumbles(tab);
    await world.clock.pass(60 * MINUTE);
    expect(seen).toEqual([]);
    expect(statuses(world)).not.toContain(401);
    expect(world.service.count("mint")).toBeLessThanOrEqual(perHour);
  });

  test("the old token serves until the new one is there", async () => {
    const { world, tab } = await live();
    const seen = stumbles(tab);
    world.service.fault = (kind) => (kind === "mint" ? "hang" : null);
    await world.clock.pass(4 * MINUTE + 20_000);
    const polls = world.service.received.filter(({ kind, at }) => kind === "poll" && at > 4 * MINUTE);
    expect(polls.length).toBeGreaterThanOrEqual(3);
    expect(polls.every(({ token, status }) => token === "token-1" && status === 200)).toBe(true);
    expect(seen).toEqual([]);
  });

  test.each([
    ["forwards 10 minutes", 10 * MINUTE],
    ["back 10 minutes", -10 * MINUTE],
    ["back a year", -365 * 24 * 60 * MINUTE],
  ])("a clock set %s costs at most one mint and nobody's figures", async (_, ms) => {
    const { world, tab } = await live();
    const seen = stumbles(tab);
    world.clock.jump(ms);
    await world.clock.pass(MINUTE);
    expect(world.service.count("mint")).toBe(2);
    expect(world.service.count("poll")).toBeGreaterThanOrEqual(11);
    // Figures that seem old are checked before they are called live again.
    expect(seen.filter((phase) => phase !== "starting")).toEqual([]);
    expect(phaseOf(tab)).toBe("live");
  });

  test("a laptop that slept past the token's end mints first and never sends the dead token", async () => {
    const { world, tab } = await live();
    world.clock.sleep(8 * 60 * MINUTE);
    await world.clock.pass(6_000);
    expect(phaseOf(tab)).toBe("live");
    expect(statuses(world)).not.toContain(401);
    expect(world.service.count("mint")).toBe(2);
  });

  test("the month's change is a change like any other, and the days move on by Ringside's calendar", async () => {
    const { world, tab } = await live();
    world.clock.jump(-10 * MINUTE);
    world.clock.sleep((7 * 24 + 12) * 60 * MINUTE + 1_000);
    world.service.row = { ...world.service.row, spend_usd_mtd: 0, request_count_mtd: 0 };
    await world.clock.pass(10_000);
    expect(tab.engine.snapshot()).toMatchObject({
      phase: "live",
      customer: { spendUsd: 0, requestCount: 0 },
    });
    const daily = world.service.received.findLast(({ kind }) => kind === "daily");
    expect(new URL(daily!.url).searchParams.get("since")).toBe("2026-09-03");
  });
});

describe("a mint that fails", () => {
  const down: [string, Fault, string][] = [
    ["502", { status: 502, code: "ringside_unavailable" }, "reconnecting/mint_unavailable"],
    ["503 with Retry-After", { status: 503, retryAfter: "5" }, "reconnecting/mint_unavailable"],
    ["404", { status: 404 }, "reconnecting/mint_unavailable"],
    ["429", { status: 429, code: "rate_limited", retryAfter: "5" }, "reconnecting/rate_limited"],
    ["a dropped connection", "drop", "reconnecting/network"],
    ["no answer", "hang", "reconnecting/timeout"],
    ["another shape", { status: 200, body: "{}" }, "reconnecting/contract_violation"],
    ["403", { status: 403, code: "bad_origin" }, "blocked/origin_not_allowed"],
  ];

  test.each(down)("at the start, with %s: says so, and recovers by itself", async (_, fault, phase) => {
    const world = new World();
    const tab = world.open();
    world.service.fault = () => fault;
    tab.engine.start();
    await world.clock.pass(10 * MINUTE);
    expect(phaseOf(tab)).toBe(phase);
    expect(world.service.count("poll"), "there is no token to poll with").toBe(0);
    expect(world.service.count("mint")).toBeLessThanOrEqual(35);
    world.service.fault = () => null;
    await world.clock.pass(76_000);
    expect(phaseOf(tab)).toBe("live");
  });

  test.each(down)(
    "at a renewal, with %s: nobody notices while the token is good",
    async (_, fault, phase) => {
      const { world, tab } = await live();
      const seen = stumbles(tab);
      world.service.fault = (kind) => (kind === "mint" ? fault : null);
      await world.clock.pass(4 * MINUTE + 50_000);
      expect(seen).toEqual([]);
      expect(world.service.count("mint"), "a failed renewal backs off").toBeLessThanOrEqual(7);
      await world.clock.pass(3 * MINUTE);
      expect(phaseOf(tab).split("/")[0]).toBe(phase.split("/")[0]);
      world.service.fault = () => null;
      await world.clock.pass(90_000);
      expect(phaseOf(tab)).toBe("live");
    },
  );

  test.each<[string, (world: World) => void, string]>([
    [
      "the session has ended",
      ({ service }) => {
        service.session = null;
      },
      "signed_out/not_signed_in",
    ],
    [
      "a proxy asks for a sign-in",
      ({ service }) => {
        service.fault = (kind) => (kind === "mint" ? { status: 302 } : null);
      },
      "signed_out/not_signed_in",
    ],
    [
      "the session is somebody else's",
      ({ service }) => {
        service.session = "cus_2";
      },
      "signed_out/session_changed",
    ],
  ])("%s: stops at once and for good", async (_, arrange, phase) => {
    const { world, tab } = await live();
    arrange(world);
    await world.clock.pass(5 * MINUTE);
    expect(phaseOf(tab)).toBe(phase);
    const sent = world.service.received.length;
    await world.clock.pass(60 * MINUTE);
    expect(world.service.received.length).toBe(sent);
    expect(world.clock.pending).toBe(0);
    expect(tab.engine.snapshot().customer.spendUsd).toBe(1);
  });

  test("one look per return of the tab finds out that somebody signed in again", async () => {
    const { world, tab } = await live();
    world.service.session = null;
    await world.clock.pass(5 * MINUTE);
    tab.visible.turn(false);
    tab.visible.turn(true);
    await world.clock.pass(1_000);
    expect(phaseOf(tab)).toBe("signed_out/not_signed_in");
    tab.visible.turn(false);
    world.service.session = "cus_1";
    await world.clock.pass(10_000);
    tab.visible.turn(true);
    await world.clock.pass(1_000);
    expect(phaseOf(tab)).toBe("live");
  });

  test("flicking through a signed-out tab looks at most once per interval", async () => {
    const { world, tab } = await live();
    world.service.session = null;
    await world.clock.pass(5 * MINUTE);
    const from = world.clock.elapsed;
    for (let flick = 0; flick < 20; flick++) {
      tab.visible.turn(false);
      tab.visible.turn(true);
      await world.clock.pass(1_000);
    }
    expect(world.service.count("mint", from)).toBeLessThanOrEqual(5);
  });
});

describe("daily usage", () => {
  test("is fetched at the start, then once a minute while nothing moves", async () => {
    const { world } = await live();
    await world.clock.pass(10 * MINUTE);
    expect(world.service.count("daily")).toBeGreaterThanOrEqual(9);
    expect(world.service.count("daily")).toBeLessThanOrEqual(11);
  });

  test("is fetched with the poll that saw spend move", async () => {
    const { world } = await live();
    world.service.spend(0.1);
    await world.clock.pass(6_000);
    expect(world.service.count("daily")).toBe(2);
    await world.clock.pass(30_000);
    expect(world.service.count("daily")).toBe(2);
  });

  test("what moves while it is under way is fetched with the next poll", async () => {
    const { world } = await live();
    world.service.fault = (kind) => (kind === "daily" ? "hang" : null);
    world.service.spend(0.1);
    await world.clock.pass(6_000);
    world.service.spend(0.1);
    await world.clock.pass(5_500);
    world.service.fault = () => null;
    await world.clock.pass(20_000);
    expect(statuses(world).at(-1)).toBe(200);
    expect(world.service.received.filter(({ kind }) => kind === "daily").at(-1)?.status).toBe(200);
  });

  test("is asked for again soon after it failed", async () => {
    const { world } = await live();
    const from = world.service.received.length;
    world.service.fault = (kind) =>
      kind === "daily" && world.service.count("daily") === 2 ? { status: 503 } : null;
    world.service.spend(0.1);
    await world.clock.pass(25_000);
    const daily = world.service.received.slice(from).filter(({ kind }) => kind === "daily");
    expect(daily.map(({ status }) => status)).toEqual([503, 200]);
  });

  test("is asked for again when hiding the tab cut it off", async () => {
    const { world, tab } = await live();
    world.service.fault = (kind) => (kind === "daily" ? "hang" : null);
    world.service.spend(0.1);
    await world.clock.pass(6_000);
    tab.visible.turn(false);
    world.service.fault = () => null;
    await world.clock.pass(10_000);
    tab.visible.turn(true);
    await world.clock.pass(1_000);
    expect(world.service.received.at(-1)).toMatchObject({ kind: "daily", status: 200 });
  });

  test.each<[string, Fault, string]>([
    ["503", { status: 503 }, "ringside_unavailable"],
    ["403", { status: 403, code: "endpoint_not_allowed" }, "endpoint_not_allowed"],
    ["401", { status: 401 }, "token_rejected"],
    ["another shape", { status: 200, body: "[{}]" }, "contract_violation"],
  ])("a failure with %s is told apart and leaves the totals alone", async (_, fault, reason) => {
    const { world, tab } = await live();
    const { daily } = tab.engine.snapshot();
    const seen = stumbles(tab);
    world.service.fault = (kind) => (kind === "daily" ? fault : null);
    world.service.spend(1);
    await world.clock.pass(2 * MINUTE);
    expect(seen).toEqual([]);
    expect(tab.engine.snapshot()).toMatchObject({ dailyReason: reason, customer: { spendUsd: 2 } });
    expect(tab.engine.snapshot().daily).toBe(daily);
    expect(world.service.count("daily"), "it backs off on its own").toBeLessThanOrEqual(8);
    expect(world.service.count("mint"), "it never mints").toBe(1);
    world.service.fault = () => null;
    await world.clock.pass(80_000);
    expect(tab.engine.snapshot().dailyReason).toBe(null);
  });
});
