import { describe, expect, test, vi } from "vitest";
import { SimulatedBrowser, type Tab } from "#e2e/simulation/browser.ts";
import { EPOCH } from "#e2e/simulation/clock.ts";
import type { Fault } from "#e2e/simulation/server.ts";

/** A browser with one tab whose engine has been live for a second. */
async function live(options: Parameters<SimulatedBrowser["open"]>[0] = {}) {
  const browser = new SimulatedBrowser();
  const tab = browser.open(options);
  tab.engine.start();
  await browser.clock.pass(1_000);
  expect(tab.engine.snapshot().phase).toBe("live");
  return { browser, tab };
}

const phaseOf = (tab: Tab) => {
  const { phase, reason } = tab.engine.snapshot();
  return reason ? `${phase}/${reason}` : phase;
};

describe("the loop", () => {
  test("shows the page's own figures until the first poll has confirmed them", async () => {
    const browser = new SimulatedBrowser();
    const tab = browser.open({ loadedAt: EPOCH - 400 });
    tab.engine.start();
    expect(tab.engine.snapshot()).toMatchObject({
      phase: "starting",
      customer: { spendUsd: 1 },
      updatedAt: EPOCH,
      serverAheadMs: -400,
    });
    browser.server.spend(1);
    await browser.clock.pass(1_000);
    expect(tab.engine.snapshot()).toMatchObject({
      phase: "live",
      customer: { spendUsd: 2 },
      updatedAt: EPOCH + 100,
      counts: { mints: 1, polls: 1, usage: 1 },
    });
  });

  test("figures of a server whose clock is ahead are not from the future, and keep the server's time", () => {
    const tab = new SimulatedBrowser().open({ loadedAt: EPOCH + 600_000 });
    tab.engine.start();
    expect(tab.engine.snapshot()).toMatchObject({ updatedAt: EPOCH, serverAheadMs: 600_000 });
  });

  test("polls every interval, and never while a poll is in flight", async () => {
    const { browser } = await live();
    browser.server.latencyMs = 9_000;
    await browser.clock.pass(60_000);
    const polls = browser.server.received.filter(({ kind }) => kind === "poll").map(({ at }) => at);
    const gaps = polls.slice(2).map((at, i) => at - polls[i + 1]!);
    expect(gaps).toHaveLength(3);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(9_000 + 5_000);
  });

  test("a poll that changes nothing keeps the identity of all figures", async () => {
    const { browser, tab } = await live({ daily: [] });
    const before = tab.engine.snapshot();
    await browser.clock.pass(6_000);
    const after = tab.engine.snapshot();
    expect(after.updatedAt).toBeGreaterThan(before.updatedAt);
    expect(after.customer).toBe(before.customer);
    expect(after.daily).toBe(before.daily);
  });

  test("a budget whose figures did not move keeps its identity although spend moved", async () => {
    const { browser, tab } = await live();
    const team = { label: "Team", limit_usd: 5, spent_usd: 1 };
    browser.server.row = { ...browser.server.row, budgets: [team, { ...team, label: "Research" }] };
    await browser.clock.pass(6_000);
    const before = tab.engine.snapshot().customer;
    browser.server.row = {
      ...browser.server.row,
      budgets: [team, { ...team, label: "Research", spent_usd: 2 }],
    };
    browser.server.spend(1);
    await browser.clock.pass(6_000);
    const after = tab.engine.snapshot().customer;
    expect(after.spendUsd).toBe(before.spendUsd + 1);
    expect(after.budgets[0]).toBe(before.budgets[0]);
    expect(after.budgets[1]).toMatchObject({ label: "Research", spentUsd: 2 });
  });

  test("stop leaves no timer, no request and no listener, and no reply comes through", async () => {
    const { browser, tab } = await live();
    browser.server.fault = () => "hang";
    await browser.clock.pass(6_000);
    expect(browser.server.received.at(-1)?.status).toBe("open");
    tab.engine.stop();
    await browser.clock.pass(0);
    expect(browser.server.received.at(-1)?.status).toBe("aborted");
    expect(browser.clock.pending).toBe(0);
    expect([tab.visible.watched, tab.online.watched]).toEqual([0, 0]);
    const changes = tab.changes();
    await browser.clock.pass(120_000);
    expect(tab.changes()).toBe(changes);
  });

  test("survives Strict Mode's start, stop, start with one mint", async () => {
    const browser = new SimulatedBrowser();
    const { engine } = browser.open();
    engine.start();
    engine.stop();
    engine.start();
    await browser.clock.pass(1_000);
    expect(engine.snapshot().phase).toBe("live");
    expect(browser.server.count("mint")).toBe(1);
  });

  test("a listener may stop the engine, and nothing is pending after that", async () => {
    const { browser, tab } = await live();
    tab.engine.subscribe(() => tab.engine.stop());
    await browser.clock.pass(60_000);
    expect(browser.clock.pending).toBe(0);
  });

  test("sends to Ringside exactly what the contract says", async () => {
    const { browser } = await live({ ringsideUrl: "https://ringside.test/v1/" });
    const [mint, poll, daily] = browser.server.received;
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
    const browser = new SimulatedBrowser();
    const tab = browser.open({ visible: false });
    tab.engine.start();
    await browser.clock.pass(600_000);
    expect(browser.server.received).toEqual([]);
    expect(phaseOf(tab)).toBe("paused");
    tab.visible.set(true);
    await browser.clock.pass(200);
    expect(phaseOf(tab)).toBe("live");
  });

  test("hiding aborts what is in flight and sends nothing; showing polls at once", async () => {
    const { browser, tab } = await live();
    browser.server.latencyMs = 2_000;
    await browser.clock.pass(5_000);
    expect(browser.server.received.at(-1)?.status).toBe("open");
    tab.visible.set(false);
    expect(phaseOf(tab)).toBe("paused");
    expect(tab.engine.snapshot().nextAt).toBe(null);
    await browser.clock.pass(3_600_000);
    expect(browser.server.received.at(-1)?.status).toBe("aborted");
    const asleep = browser.server.received.length;
    tab.visible.set(true);
    expect(phaseOf(tab)).toBe("starting");
    await browser.clock.pass(10);
    expect(browser.server.received.length).toBe(asleep + 1);
    await browser.clock.pass(5_000);
    expect(phaseOf(tab)).toBe("live");
  });

  test("switching tabs quickly never polls more often than the interval", async () => {
    const { browser, tab } = await live();
    for (let round = 0; round < 60; round++) {
      tab.visible.set(false);
      await browser.clock.pass(500);
      tab.visible.set(true);
      await browser.clock.pass(500);
    }
    expect(browser.server.count("poll")).toBeLessThanOrEqual(13);
    expect(phaseOf(tab)).toBe("live");
  });
});

describe("faults of Ringside", () => {
  const cases: [string, Fault, string][] = [
    ["a dropped connection", "drop", "reconnecting/network"],
    ["a reply that never comes", "hang", "reconnecting/timeout"],
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

  test.each(cases)(
    "%s: shows the reason, keeps the figures, and is live again by itself",
    async (_, fault, phase) => {
      const { browser, tab } = await live();
      const { customer, updatedAt } = tab.engine.snapshot();
      const mints = browser.server.count("mint");
      browser.server.fault = (kind) => (kind === "poll" ? fault : null);
      await browser.clock.pass(20_000);
      expect(phaseOf(tab)).toBe(phase);
      expect(tab.engine.snapshot()).toMatchObject({ customer, updatedAt });
      browser.server.fault = () => null;
      await browser.clock.pass(90_000);
      expect(phaseOf(tab)).toBe("live");
      expect(browser.server.count("mint"), "only a 401 or 404 is worth a new token").toBe(mints);
    },
  );

  test("a 401 costs one mint and one repeated poll, and the phase stays live", async () => {
    const { browser, tab } = await live();
    const phases = new Set<string>();
    tab.engine.subscribe(() => phases.add(phaseOf(tab)));
    browser.server.expireTokens();
    await browser.clock.pass(6_000);
    expect(browser.server.received.slice(3).map(({ kind, token, status }) => [kind, token, status])).toEqual([
      ["poll", "token-1", 401],
      ["mint", "token-2", 200],
      ["poll", "token-2", 200],
    ]);
    expect([...phases]).toEqual(["live"]);
  });

  test("a 401 for a token that a renewal has already replaced costs no second mint", async () => {
    const { browser, tab } = await live();
    browser.server.fault = (kind, { at, token }) =>
      kind === "poll" && at > 240_000 && token === "token-1" ? { status: 401, lateMs: 1_000 } : null;
    await browser.clock.pass(260_000);
    expect(phaseOf(tab)).toBe("live");
    expect(browser.server.received.filter(({ status }) => status === 401)).toHaveLength(1);
    expect(browser.server.count("mint")).toBe(2);
  });

  test("a 401 an hour after the last one is a first one again", async () => {
    const { browser, tab } = await live();
    const phases = new Set<string>();
    tab.engine.subscribe(() => phases.add(phaseOf(tab)));
    for (const round of [1, 2, 3]) {
      browser.server.expireTokens();
      await browser.clock.pass(40_000);
      expect(browser.server.count("mint")).toBe(1 + round);
    }
    expect([...phases]).toEqual(["live"]);
  });

  test("a second 401 on a fresh token blocks, probes once a minute, and recovers without a reload", async () => {
    const { browser, tab } = await live();
    browser.server.fault = (kind) => (kind === "poll" ? { status: 401 } : null);
    await browser.clock.pass(6_000);
    expect(phaseOf(tab)).toBe("blocked/token_rejected");
    const [mints, from] = [browser.server.count("mint"), browser.clock.elapsed];
    await browser.clock.pass(600_000);
    expect(browser.server.count("mint") - mints).toBeLessThanOrEqual(10);
    expect(browser.server.count("poll", from)).toBeLessThanOrEqual(10);
    browser.server.fault = () => null;
    await browser.clock.pass(76_000);
    expect(phaseOf(tab)).toBe("live");
  });

  test("tokens that are rejected again and again are minted at most once per cool-down", async () => {
    const { browser, tab } = await live();
    for (let round = 0; round < 12; round++) {
      browser.server.expireTokens();
      await browser.clock.pass(5_500);
    }
    expect(browser.server.count("mint")).toBeLessThanOrEqual(4);
    await browser.clock.pass(40_000);
    expect(phaseOf(tab)).toBe("live");
  });

  test("a Customer unknown to Ringside: one new token, then one call of onCustomerMissing", async () => {
    const onCustomerMissing = vi.fn();
    const { browser, tab } = await live({ onCustomerMissing });
    browser.server.row = { ...browser.server.row, id: "cus_2" };
    await browser.clock.pass(6_000);
    expect(phaseOf(tab)).toBe("reconnecting/customer_missing");
    expect(browser.server.count("mint")).toBe(2);
    await browser.clock.pass(300_000);
    expect(onCustomerMissing).toHaveBeenCalledTimes(1);
    browser.server.row = { ...browser.server.row, id: "cus_1" };
    await browser.clock.pass(76_000);
    expect(phaseOf(tab)).toBe("live");
  });

  test("a 403 after a 404, for the token of the Customer created in its place, counts as missing too", async () => {
    const onCustomerMissing = vi.fn();
    const { browser, tab } = await live({ onCustomerMissing });
    browser.server.fault = (kind, { token }) => {
      if (kind !== "poll") return null;
      return token === "token-1" ? { status: 404 } : { status: 403, code: "endpoint_not_allowed" };
    };
    await browser.clock.pass(6_000);
    expect(phaseOf(tab)).toBe("reconnecting/customer_missing");
    expect(onCustomerMissing).toHaveBeenCalledTimes(1);
  });

  test("a Customer that was created again under another id is not taken for a change of user", async () => {
    const onCustomerMissing = vi.fn();
    const { browser, tab } = await live({ onCustomerMissing });
    browser.server.row = { ...browser.server.row, id: "cus_2" };
    browser.server.session = "cus_2";
    await browser.clock.pass(6_000);
    expect(phaseOf(tab)).toBe("reconnecting/customer_missing");
    expect(onCustomerMissing).toHaveBeenCalledTimes(1);
  });

  test.each([
    ["seconds", "40", 40_000],
    ["an HTTP date", new Date(EPOCH + 46_000).toUTCString(), 40_000],
    ["a day, which is a mistake", "86400", 600_000],
  ])(
    "Retry-After as %s is respected, also by a tab or a network that returns",
    async (_, retryAfter, least) => {
      for (const switching of [false, true]) {
        const { browser, tab } = await live();
        let refusedAt = 0;
        browser.server.fault = (kind, { at }) => {
          if (kind !== "poll" || refusedAt) return null;
          refusedAt = at;
          return { status: 503, retryAfter };
        };
        await browser.clock.pass(6_000);
        if (switching)
          for (const flag of [tab.visible, tab.online]) {
            flag.set(false);
            flag.set(true);
          }
        await browser.clock.pass(1_000_000);
        const next = browser.server.received.find(({ kind, at }) => kind === "poll" && at > refusedAt);
        expect(next!.at - refusedAt).toBeGreaterThanOrEqual(least);
        expect(next!.at - refusedAt).toBeLessThanOrEqual(least * 1.5 + 1_000);
      }
    },
  );

  test("failures back off with jitter up to a minute", async () => {
    const { browser } = await live();
    browser.server.fault = () => "drop";
    await browser.clock.pass(600_000);
    const polls = browser.server.received.filter(({ kind }) => kind === "poll").map(({ at }) => at);
    const gaps = polls.slice(2).map((at, i) => at - polls[i + 1]!);
    expect(gaps[0]).toBeLessThanOrEqual(10_100);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(60_100);
    expect(Math.min(...gaps.slice(3))).toBeGreaterThanOrEqual(30_000);
  });
});

describe("the network", () => {
  test("offline is shown, retried slowly, and retried at once when the network is back", async () => {
    const { browser, tab } = await live();
    browser.server.fault = () => "drop";
    tab.online.set(false);
    expect(phaseOf(tab)).toBe("offline/network");
    const from = browser.clock.elapsed;
    await browser.clock.pass(600_000);
    const tries = browser.server.received.filter(({ at }) => at >= from);
    expect(tries.length).toBeGreaterThanOrEqual(8);
    expect(tries.length).toBeLessThanOrEqual(11);
    browser.server.fault = () => null;
    tab.online.set(true);
    await browser.clock.pass(5_100);
    expect(phaseOf(tab)).toBe("live");
  });

  test("a reply overrides a browser that reports offline", async () => {
    const browser = new SimulatedBrowser();
    const tab = browser.open({ online: false });
    tab.engine.start();
    expect(phaseOf(tab)).toBe("offline/network");
    await browser.clock.pass(1_000);
    expect(phaseOf(tab)).toBe("live");
  });
});
