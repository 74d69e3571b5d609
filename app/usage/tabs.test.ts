import { afterEach, describe, expect, test, vi } from "vitest";
import { type Tab, World } from "#e2e/simulation/world.ts";
import { announceSignIn, announceSignOut, joinTabs, type TabMessage } from "./tabs.ts";

const MINUTE = 60_000;

async function windows(count: number, apartMs = 1_300) {
  const world = new World();
  const tabs = Array.from({ length: count }, () => world.open());
  for (const tab of tabs) {
    tab.engine.start();
    await world.clock.pass(apartMs);
  }
  return { world, tabs: tabs as [Tab, Tab, ...Tab[]] };
}

const phaseOf = ({ engine }: Tab) => engine.snapshot().phase;
const age = (world: World, { engine }: Tab) => world.clock.now() - engine.snapshot().updatedAt;

describe("several windows of one user", () => {
  test.each([
    [2, "one after the other", 1_300],
    [2, "at once", 0],
    [4, "at once", 0],
  ])(
    "%i visible windows, opened %s, ask Ringside as often as one, and all stay live",
    async (count, _, apartMs) => {
      const { world, tabs } = await windows(count, apartMs);
      await world.clock.pass(1_000);
      const from = world.clock.elapsed;
      let oldest = 0;
      for (let second = 0; second < 600; second++) {
        if (second % 10 === 0) world.service.spend(0.01);
        await world.clock.pass(1_000);
        oldest = Math.max(oldest, ...tabs.map((tab) => age(world, tab)));
      }
      expect(tabs.map(phaseOf)).toEqual(tabs.map(() => "live"));
      expect(world.service.count("poll", from)).toBeLessThanOrEqual(120);
      expect(world.service.count("daily", from)).toBeLessThanOrEqual(62);
      expect(
        world.service.count("mint", from),
        "a window that does not poll needs no new token",
      ).toBeLessThanOrEqual(3);
      expect(oldest).toBeLessThan(7_000);
      const spends = new Set(tabs.map(({ engine }) => engine.snapshot().customer.spendUsd));
      expect(spends.size).toBe(1);
    },
  );

  test("no token ever reaches the channel", async () => {
    const world = new World();
    const said: TabMessage[] = [];
    world.joinTabs((message) => said.push(message));
    world.open().engine.start();
    await world.clock.pass(MINUTE);
    expect(said.length).toBeGreaterThan(10);
    expect(JSON.stringify(said)).not.toContain("token");
  });

  test.each<[string, (tab: Tab) => void]>([
    ["closes", ({ engine }) => engine.stop()],
    ["is hidden", ({ visible }) => visible.turn(false)],
    ["freezes", (tab) => tab.freeze()],
  ])("when the window that polls %s, another goes on within two intervals", async (_, lose) => {
    const {
      world,
      tabs: [first, second],
    } = await windows(2);
    await world.clock.pass(MINUTE);
    lose(first);
    for (let i = 0; i < 120; i++) {
      await world.clock.pass(1_000);
      expect(age(world, second)).toBeLessThan(11_500);
    }
    expect(phaseOf(second)).toBe("live");
  });

  test("a frozen window that thaws is live again, and polls for both no more than one would", async () => {
    const {
      world,
      tabs: [first, second],
    } = await windows(2);
    first.freeze();
    await world.clock.pass(10 * MINUTE);
    first.thaw();
    const from = world.clock.elapsed;
    await world.clock.pass(5 * MINUTE);
    expect([first, second].map(phaseOf)).toEqual(["live", "live"]);
    expect(world.service.count("poll", from)).toBeLessThanOrEqual(61);
  });

  test("news from another tab ends a tab's own trouble", async () => {
    const {
      world,
      tabs: [first, second],
    } = await windows(2);
    const from = world.service.received.length;
    second.visible.turn(false);
    world.service.fault = (kind, call) =>
      kind === "poll" && world.service.received.indexOf(call) === from
        ? { status: 503, retryAfter: "60" }
        : null;
    first.visible.turn(false);
    await world.clock.pass(10_000);
    first.visible.turn(true);
    await world.clock.pass(1_000);
    expect(phaseOf(first)).toBe("reconnecting");
    second.visible.turn(true);
    await world.clock.pass(1_000);
    expect([first, second].map(phaseOf)).toEqual(["live", "live"]);
  });

  test("going from one window to the other asks no more often than the interval", async () => {
    const {
      world,
      tabs: [first, second],
    } = await windows(2);
    second.visible.turn(false);
    const from = world.clock.elapsed;
    for (let i = 0; i < 60; i++) {
      const [leave, enter] = i % 2 ? [second, first] : [first, second];
      leave.visible.turn(false);
      enter.visible.turn(true);
      await world.clock.pass(2_000);
    }
    // A poll that is cut off by leaving its window is the other window's to repeat.
    expect(world.service.count("poll", from)).toBeLessThanOrEqual(25 + 3);
  });

  test("a hidden window keeps up with what it hears, and sends nothing", async () => {
    const world = new World();
    const hidden = world.open({ visible: false });
    hidden.engine.start();
    world.open().engine.start();
    for (let i = 0; i < 12; i++) {
      world.service.spend(1);
      await world.clock.pass(5_000);
    }
    expect(world.service.count("mint")).toBe(1);
    expect(world.service.count("poll")).toBeLessThanOrEqual(12);
    const { phase, nextAt, customer } = hidden.engine.snapshot();
    expect({ phase, nextAt }).toEqual({ phase: "paused", nextAt: null });
    expect(customer.spendUsd).toBeGreaterThanOrEqual(12);
  });

  test("old news does not make a tab live", async () => {
    const {
      world,
      tabs: [tab],
    } = await windows(1);
    world.service.fault = () => ({ status: 403, code: "origin_not_allowed" });
    await world.clock.pass(6_000);
    const figures = { customer: { ...tab.engine.snapshot().customer, spendUsd: 7 }, daily: [], dailyAt: 0 };
    const say = (agoMs: number) =>
      world
        .joinTabs(() => {})
        .tell({
          type: "figures",
          about: "cus_1",
          ...figures,
          updatedAt: world.clock.now() - agoMs,
        });
    await world.clock.pass(30_000);
    say(5_500);
    await world.clock.pass(2);
    expect(phaseOf(tab)).toBe("blocked");
    say(100);
    await world.clock.pass(2);
    expect(phaseOf(tab)).toBe("live");
  });

  test("a tab on another Customer's page takes nothing over", async () => {
    const world = new World();
    const other = world.open({
      customer: { id: "cus_2", spendUsd: 5, requestCount: 5, budgets: [], walletUsd: null },
    });
    other.visible.turn(false);
    other.engine.start();
    world.open().engine.start();
    await world.clock.pass(MINUTE);
    expect(other.engine.snapshot().customer).toMatchObject({ id: "cus_2", spendUsd: 5 });
  });
});

describe("sign-out and change of user", () => {
  const say = (world: World, message: TabMessage) => world.joinTabs(() => {}).tell(message);

  test("a sign-out stops every tab at once, the hidden ones too, and drops what is under way", async () => {
    const { world, tabs } = await windows(3);
    tabs[2]?.visible.turn(false);
    world.service.latencyMs = 3_000;
    while (world.service.received.at(-1)?.status !== "open") await world.clock.pass(500);
    world.service.spend(99);
    say(world, { type: "signed_out" });
    await world.clock.pass(2);
    expect(tabs.map(phaseOf)).toEqual(["signed_out", "signed_out", "signed_out"]);
    const sent = world.service.received.length;
    await world.clock.pass(10 * MINUTE);
    expect(world.service.received.length).toBe(sent);
    // A straggler: what another tab said just before it heard.
    const { customer } = tabs[0].engine.snapshot();
    const figures = {
      customer: { ...customer, spendUsd: 99 },
      updatedAt: world.clock.now(),
      daily: [],
      dailyAt: 0,
    };
    say(world, { type: "figures", about: "cus_1", ...figures });
    await world.clock.pass(2);
    expect(tabs.map(({ engine }) => engine.snapshot().customer.spendUsd)).toEqual([1, 1, 1]);
  });

  test("another user's page stops the first user's", async () => {
    const {
      world,
      tabs: [tab],
    } = await windows(1);
    say(world, { type: "signed_in", about: "cus_2" });
    await world.clock.pass(2);
    expect(tab.engine.snapshot()).toMatchObject({ phase: "signed_out", reason: "session_changed" });
  });

  test("signing in again as the same user brings the other tabs back", async () => {
    const { world, tabs } = await windows(2);
    for (const tab of tabs) tab.visible.turn(false);
    say(world, { type: "signed_out" });
    await world.clock.pass(10_000);
    const sent = world.service.received.length;
    say(world, { type: "signed_in", about: "cus_1" });
    await world.clock.pass(10_000);
    expect(world.service.received.length, "a hidden tab sends nothing").toBe(sent);
    tabs[0].visible.turn(true);
    await world.clock.pass(1_000);
    expect(tabs.map(phaseOf)).toEqual(["live", "paused"]);
  });

  test("signing in again brings a visible tab back by itself", async () => {
    const { world, tabs } = await windows(1);
    say(world, { type: "signed_out" });
    await world.clock.pass(10_000);
    say(world, { type: "signed_in", about: "cus_1" });
    await world.clock.pass(1_000);
    expect(tabs.map(phaseOf)).toEqual(["live"]);
  });
});

describe("the channel", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("carries messages to the other tabs and not to the one that speaks", async () => {
    const heard: Record<string, TabMessage[]> = { here: [], there: [] };
    const here = joinTabs((message) => heard["here"]?.push(message));
    const there = joinTabs((message) => heard["there"]?.push(message));
    here.tell({ type: "signed_in", about: "cus_1" });
    await vi.waitFor(() => expect(heard["there"]).toEqual([{ type: "signed_in", about: "cus_1" }]));
    expect(heard["here"]).toEqual([]);
    here.leave();
    there.leave();
  });

  test("announcements reach every tab, and leave no channel open", async () => {
    const heard: TabMessage[] = [];
    const { leave } = joinTabs((message) => heard.push(message));
    announceSignIn("cus_1");
    announceSignOut();
    await vi.waitFor(() =>
      expect(heard).toEqual([{ type: "signed_in", about: "cus_1" }, { type: "signed_out" }]),
    );
    leave();
  });

  test("a browser without BroadcastChannel has tabs that do not talk, and nothing breaks", () => {
    vi.stubGlobal("BroadcastChannel", undefined);
    const { tell, leave } = joinTabs(() => {});
    tell({ type: "signed_out" });
    announceSignOut();
    leave();
  });
});
