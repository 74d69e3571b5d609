import { afterEach, describe, expect, test, vi } from "vitest";
import { SimulatedBrowser, type Tab } from "#e2e/simulation/browser.ts";
import { announceSignIn, announceSignOut, joinTabs, type TabMessage } from "./tabs.ts";

const MINUTE = 60_000;

async function windows(count: number, apartMs = 1_300) {
  const browser = new SimulatedBrowser();
  const tabs = Array.from({ length: count }, () => browser.open());
  for (const tab of tabs) {
    tab.engine.start();
    await browser.clock.pass(apartMs);
  }
  return { browser, tabs: tabs as [Tab, Tab, ...Tab[]] };
}

const phaseOf = ({ engine }: Tab) => engine.snapshot().phase;
const age = (browser: SimulatedBrowser, { engine }: Tab) => browser.clock.now() - engine.snapshot().updatedAt;

describe("several windows of one user", () => {
  test.each([
    [2, "one after the other", 1_300],
    [2, "at once", 0],
    [4, "at once", 0],
  ])(
    "%i visible windows, opened %s, poll Ringside as often as one, and all stay live",
    async (count, _, apartMs) => {
      const { browser, tabs } = await windows(count, apartMs);
      await browser.clock.pass(1_000);
      const from = browser.clock.elapsed;
      let oldest = 0;
      for (let second = 0; second < 600; second++) {
        if (second % 10 === 0) browser.server.spend(0.01);
        await browser.clock.pass(1_000);
        oldest = Math.max(oldest, ...tabs.map((tab) => age(browser, tab)));
      }
      expect(tabs.map(phaseOf)).toEqual(tabs.map(() => "live"));
      expect(browser.server.count("poll", from)).toBeLessThanOrEqual(120);
      expect(browser.server.count("daily", from)).toBeLessThanOrEqual(62);
      expect(
        browser.server.count("mint", from),
        "a window that does not poll needs no new token",
      ).toBeLessThanOrEqual(3);
      expect(oldest).toBeLessThan(7_000);
      const spends = new Set(tabs.map(({ engine }) => engine.snapshot().customer.spendUsd));
      expect(spends.size).toBe(1);
    },
  );

  test("no token ever reaches the channel", async () => {
    const browser = new SimulatedBrowser();
    const messages: TabMessage[] = [];
    browser.joinTabs((message) => messages.push(message));
    browser.open().engine.start();
    await browser.clock.pass(MINUTE);
    expect(messages.length).toBeGreaterThan(10);
    expect(JSON.stringify(messages)).not.toContain("token");
  });

  test.each<[string, (tab: Tab) => void]>([
    ["closes", ({ engine }) => engine.stop()],
    ["is hidden", ({ visible }) => visible.set(false)],
    ["freezes", (tab) => tab.freeze()],
  ])("when the window that polls %s, another takes over within two intervals", async (_, disable) => {
    const {
      browser,
      tabs: [first, second],
    } = await windows(2);
    await browser.clock.pass(MINUTE);
    disable(first);
    for (let i = 0; i < 120; i++) {
      await browser.clock.pass(1_000);
      expect(age(browser, second)).toBeLessThan(11_500);
    }
    expect(phaseOf(second)).toBe("live");
  });

  test("a frozen window that resumes is live again, and both poll no more than one would", async () => {
    const {
      browser,
      tabs: [first, second],
    } = await windows(2);
    first.freeze();
    await browser.clock.pass(10 * MINUTE);
    first.resume();
    const from = browser.clock.elapsed;
    await browser.clock.pass(5 * MINUTE);
    expect([first, second].map(phaseOf)).toEqual(["live", "live"]);
    expect(browser.server.count("poll", from)).toBeLessThanOrEqual(61);
  });

  test("figures from another tab end a tab's own error", async () => {
    const {
      browser,
      tabs: [first, second],
    } = await windows(2);
    const from = browser.server.received.length;
    second.visible.set(false);
    browser.server.fault = (kind, call) =>
      kind === "poll" && browser.server.received.indexOf(call) === from
        ? { status: 503, retryAfter: "60" }
        : null;
    first.visible.set(false);
    await browser.clock.pass(10_000);
    first.visible.set(true);
    await browser.clock.pass(1_000);
    expect(phaseOf(first)).toBe("reconnecting");
    second.visible.set(true);
    await browser.clock.pass(1_000);
    expect([first, second].map(phaseOf)).toEqual(["live", "live"]);
  });

  test("switching between windows polls no more often than the interval", async () => {
    const {
      browser,
      tabs: [first, second],
    } = await windows(2);
    second.visible.set(false);
    const from = browser.clock.elapsed;
    for (let i = 0; i < 60; i++) {
      const [leave, enter] = i % 2 ? [second, first] : [first, second];
      leave.visible.set(false);
      enter.visible.set(true);
      await browser.clock.pass(2_000);
    }
    // The other window repeats a poll that was aborted by leaving its window.
    expect(browser.server.count("poll", from)).toBeLessThanOrEqual(25 + 3);
  });

  test("a hidden window shows what other windows send, and sends no request", async () => {
    const browser = new SimulatedBrowser();
    const hidden = browser.open({ visible: false });
    hidden.engine.start();
    browser.open().engine.start();
    for (let i = 0; i < 12; i++) {
      browser.server.spend(1);
      await browser.clock.pass(5_000);
    }
    expect(browser.server.count("mint")).toBe(1);
    expect(browser.server.count("poll")).toBeLessThanOrEqual(12);
    const { phase, nextAt, customer } = hidden.engine.snapshot();
    expect({ phase, nextAt }).toEqual({ phase: "paused", nextAt: null });
    expect(customer.spendUsd).toBeGreaterThanOrEqual(12);
  });

  test("old figures do not make a tab live", async () => {
    const {
      browser,
      tabs: [tab],
    } = await windows(1);
    browser.server.fault = () => ({ status: 403, code: "origin_not_allowed" });
    await browser.clock.pass(6_000);
    const figures = { customer: { ...tab.engine.snapshot().customer, spendUsd: 7 }, daily: [], dailyAt: 0 };
    const say = (agoMs: number) =>
      browser
        .joinTabs(() => {})
        .tell({
          type: "figures",
          about: "cus_1",
          ...figures,
          updatedAt: browser.clock.now() - agoMs,
          serverAheadMs: 0,
        });
    await browser.clock.pass(30_000);
    say(5_500);
    await browser.clock.pass(2);
    expect(phaseOf(tab)).toBe("blocked");
    say(100);
    await browser.clock.pass(2);
    expect(phaseOf(tab)).toBe("live");
  });

  test("a tab on another Customer's page takes nothing over", async () => {
    const browser = new SimulatedBrowser();
    const other = browser.open({
      customer: { id: "cus_2", spendUsd: 5, requestCount: 5, budgets: [], walletUsd: null },
    });
    other.visible.set(false);
    other.engine.start();
    browser.open().engine.start();
    await browser.clock.pass(MINUTE);
    expect(other.engine.snapshot().customer).toMatchObject({ id: "cus_2", spendUsd: 5 });
  });
});

describe("sign-out and change of user", () => {
  const say = (browser: SimulatedBrowser, message: TabMessage) => browser.joinTabs(() => {}).tell(message);

  test("a sign-out stops every tab at once, the hidden ones too, and drops what is under way", async () => {
    const { browser, tabs } = await windows(3);
    tabs[2]?.visible.set(false);
    browser.server.latencyMs = 3_000;
    while (browser.server.received.at(-1)?.status !== "open") await browser.clock.pass(500);
    browser.server.spend(99);
    say(browser, { type: "signed_out" });
    await browser.clock.pass(2);
    expect(tabs.map(phaseOf)).toEqual(["signed_out", "signed_out", "signed_out"]);
    const sent = browser.server.received.length;
    await browser.clock.pass(10 * MINUTE);
    expect(browser.server.received.length).toBe(sent);
    // A straggler: what another tab said just before it heard.
    const { customer } = tabs[0].engine.snapshot();
    const figures = {
      customer: { ...customer, spendUsd: 99 },
      updatedAt: browser.clock.now(),
      serverAheadMs: 0,
      daily: [],
      dailyAt: 0,
    };
    say(browser, { type: "figures", about: "cus_1", ...figures });
    await browser.clock.pass(2);
    expect(tabs.map(({ engine }) => engine.snapshot().customer.spendUsd)).toEqual([1, 1, 1]);
  });

  test("another user's page stops the first user's", async () => {
    const {
      browser,
      tabs: [tab],
    } = await windows(1);
    say(browser, { type: "signed_in", about: "cus_2" });
    await browser.clock.pass(2);
    expect(tab.engine.snapshot()).toMatchObject({ phase: "signed_out", reason: "session_changed" });
  });

  test("signing in again as the same user brings the other tabs back", async () => {
    const { browser, tabs } = await windows(2);
    for (const tab of tabs) tab.visible.set(false);
    say(browser, { type: "signed_out" });
    await browser.clock.pass(10_000);
    const sent = browser.server.received.length;
    say(browser, { type: "signed_in", about: "cus_1" });
    await browser.clock.pass(10_000);
    expect(browser.server.received.length, "a hidden tab sends nothing").toBe(sent);
    tabs[0].visible.set(true);
    await browser.clock.pass(1_000);
    expect(tabs.map(phaseOf)).toEqual(["live", "paused"]);
  });

  test("signing in again brings a visible tab back by itself", async () => {
    const { browser, tabs } = await windows(1);
    say(browser, { type: "signed_out" });
    await browser.clock.pass(10_000);
    say(browser, { type: "signed_in", about: "cus_1" });
    await browser.clock.pass(1_000);
    expect(tabs.map(phaseOf)).toEqual(["live"]);
  });
});

describe("the channel", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("delivers messages to the other tabs and not to the sender", async () => {
    const received: Record<string, TabMessage[]> = { here: [], there: [] };
    const here = joinTabs((message) => received["here"]?.push(message));
    const there = joinTabs((message) => received["there"]?.push(message));
    here.tell({ type: "signed_in", about: "cus_1" });
    await vi.waitFor(() => expect(received["there"]).toEqual([{ type: "signed_in", about: "cus_1" }]));
    expect(received["here"]).toEqual([]);
    here.leave();
    there.leave();
  });

  test("announcements reach every tab, and leave no channel open", async () => {
    const received: TabMessage[] = [];
    const { leave } = joinTabs((message) => received.push(message));
    announceSignIn("cus_1");
    announceSignOut();
    await vi.waitFor(() =>
      expect(received).toEqual([{ type: "signed_in", about: "cus_1" }, { type: "signed_out" }]),
    );
    leave();
  });

  test("without BroadcastChannel, tabs do not talk and nothing throws", () => {
    vi.stubGlobal("BroadcastChannel", undefined);
    const { tell, leave } = joinTabs(() => {});
    tell({ type: "signed_out" });
    announceSignOut();
    leave();
  });
});
