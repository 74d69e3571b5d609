/** Client Tokens: their lifetime, when the engine mints, and what a failed mint does to the page. */
import { describe, expect, test } from "vitest";
import { SimulatedBrowser, type Tab } from "#e2e/simulation/browser.ts";
import type { Fault } from "#e2e/simulation/server.ts";
import { isRenewalDue, isUsable, mintClientToken } from "./client-token.ts";

const MINUTE = 60_000;

const NOW = Date.UTC(2026, 10, 23, 12);

/** Mints from a server whose clock is `aheadMs` ahead of this browser's, with a lifetime of `ttlMs`. */
async function mint(ttlMs: number, aheadMs = 0, { date = true, iso = false } = {}) {
  const expires = NOW + aheadMs + ttlMs;
  const body = { token: "jwt", expires_at: iso ? new Date(expires).toISOString() : expires / 1000 };
  const headers = date ? { date: new Date(NOW + aheadMs).toUTCString() } : {};
  const network = {
    fetch: async () => Response.json(body, { headers }),
    now: () => NOW,
    after: () => () => {},
  };
  const answer = await mintClientToken(network, "/mint", "cus_1", new AbortController().signal);
  if (answer.kind !== "ok") throw new Error(answer.kind);
  return answer.value;
}

describe("a Client Token's lifetime", () => {
  test.each([
    ["300 s: four minutes after minting", 300_000, 240_000],
    ["3600 s: four minutes after minting", 3_600_000, 240_000],
    ["120 s: 20 % before its end", 120_000, 96_000],
    ["60 s: 12 s before its end", 60_000, 48_000],
  ])("renewal at %s", async (_, ttlMs, renewMs) => {
    expect(await mint(ttlMs)).toEqual({ value: "jwt", from: NOW, lifeMs: ttlMs, renewMs, serverAheadMs: 0 });
  });

  test.each([10 * MINUTE, -10 * MINUTE, 24 * 60 * MINUTE])(
    "does not depend on a local clock that is %i ms behind",
    async (aheadMs) => {
      const { lifeMs, serverAheadMs } = await mint(300_000, aheadMs);
      expect(lifeMs).toBe(300_000);
      expect(serverAheadMs).toBe(aheadMs);
    },
  );

  test("reads ISO 8601 as well", async () => {
    expect((await mint(300_000, 0, { iso: true })).lifeMs).toBe(300_000);
  });

  test("without a Date header uses the local clock, and clamps the result to Ringside's range", async () => {
    expect((await mint(300_000, 0, { date: false })).lifeMs).toBe(300_000);
    expect((await mint(300_000, -10 * MINUTE, { date: false })).lifeMs).toBe(60_000);
    expect((await mint(300_000, 600 * MINUTE, { date: false })).lifeMs).toBe(3_600_000);
  });

  test("a clock that is set back makes a token expired, not valid forever", async () => {
    const token = await mint(300_000);
    expect([isUsable(token, NOW + 299_999), isRenewalDue(token, NOW + 239_999)]).toEqual([true, false]);
    expect([isUsable(token, NOW + 300_000), isRenewalDue(token, NOW + 240_000)]).toEqual([false, true]);
    expect([isUsable(token, NOW - 1), isRenewalDue(token, NOW - 1)]).toEqual([false, true]);
  });

  test("a reply without a token is a contract failure", async () => {
    const network = { fetch: async () => Response.json({ jwt: "x" }), now: () => NOW, after: () => () => {} };
    const answer = await mintClientToken(network, "/mint", "cus_1", new AbortController().signal);
    expect(answer.kind).toBe("contract");
  });
});

async function live(ttlMs = 300_000) {
  const browser = new SimulatedBrowser();
  browser.server.ttlMs = ttlMs;
  const tab = browser.open();
  tab.engine.start();
  await browser.clock.pass(1_000);
  expect(phaseOf(tab)).toBe("live");
  return { browser, tab };
}

const phaseOf = (tab: Tab) => {
  const { phase, reason } = tab.engine.snapshot();
  return reason ? `${phase}/${reason}` : phase;
};

/** Every phase but `live` that the tab goes through from now on. */
function otherPhases(tab: Tab): string[] {
  const seen: string[] = [];
  tab.engine.subscribe(() => {
    const phase = phaseOf(tab);
    if (phase !== "live" && phase !== seen.at(-1)) seen.push(phase);
  });
  return seen;
}

const statuses = (browser: SimulatedBrowser) => browser.server.received.map(({ status }) => status);

describe("renewal", () => {
  test.each([
    ["300 s", 300_000, 16],
    ["60 s", 60_000, 75],
    ["3600 s", 3_600_000, 16],
  ])("a %s token never expires in use, and is not minted per poll", async (_, ttlMs, perHour) => {
    const { browser, tab } = await live(ttlMs);
    const seen = otherPhases(tab);
    await browser.clock.pass(60 * MINUTE);
    expect(seen).toEqual([]);
    expect(statuses(browser)).not.toContain(401);
    expect(browser.server.count("mint")).toBeLessThanOrEqual(perHour);
  });

  test("the old token is used until the new one arrives", async () => {
    const { browser, tab } = await live();
    const seen = otherPhases(tab);
    browser.server.fault = (kind) => (kind === "mint" ? "hang" : null);
    await browser.clock.pass(4 * MINUTE + 20_000);
    const polls = browser.server.received.filter(({ kind, at }) => kind === "poll" && at > 4 * MINUTE);
    expect(polls.length).toBeGreaterThanOrEqual(3);
    expect(polls.every(({ token, status }) => token === "token-1" && status === 200)).toBe(true);
    expect(seen).toEqual([]);
  });

  test.each([
    ["forwards 10 minutes", 10 * MINUTE],
    ["back 10 minutes", -10 * MINUTE],
    ["back a year", -365 * 24 * 60 * MINUTE],
  ])("a clock set %s costs at most one mint and shows no error", async (_, ms) => {
    const { browser, tab } = await live();
    const seen = otherPhases(tab);
    browser.clock.jump(ms);
    await browser.clock.pass(MINUTE);
    expect(browser.server.count("mint")).toBe(2);
    expect(browser.server.count("poll")).toBeGreaterThanOrEqual(11);
    // Figures that seem old are confirmed before the phase is live again.
    expect(seen.filter((phase) => phase !== "starting")).toEqual([]);
    expect(phaseOf(tab)).toBe("live");
  });

  test("a device that slept past the token's end mints first and never sends the expired token", async () => {
    const { browser, tab } = await live();
    browser.clock.sleep(8 * 60 * MINUTE);
    await browser.clock.pass(6_000);
    expect(phaseOf(tab)).toBe("live");
    expect(statuses(browser)).not.toContain(401);
    expect(browser.server.count("mint")).toBe(2);
  });

  test("a new month resets the totals, and the days are requested by Ringside's calendar", async () => {
    const { browser, tab } = await live();
    browser.clock.jump(-10 * MINUTE);
    browser.clock.sleep((7 * 24 + 12) * 60 * MINUTE + 1_000);
    browser.server.row = { ...browser.server.row, spend_usd_mtd: 0, request_count_mtd: 0 };
    await browser.clock.pass(10_000);
    expect(tab.engine.snapshot()).toMatchObject({
      phase: "live",
      customer: { spendUsd: 0, requestCount: 0 },
    });
    const daily = browser.server.received.findLast(({ kind }) => kind === "daily");
    expect(new URL(daily!.url).searchParams.get("since")).toBe("2026-09-03");
  });
});

describe("a mint that fails", () => {
  const down: [string, Fault, string][] = [
    ["502", { status: 502, code: "ringside_unavailable" }, "reconnecting/ringside_unavailable"],
    ["503 with Retry-After", { status: 503, retryAfter: "5" }, "reconnecting/mint_unavailable"],
    ["404", { status: 404 }, "reconnecting/mint_unavailable"],
    ["429", { status: 429, code: "rate_limited", retryAfter: "5" }, "reconnecting/rate_limited"],
    ["a dropped connection", "drop", "reconnecting/network"],
    ["no answer", "hang", "reconnecting/timeout"],
    ["another shape", { status: 200, body: "{}" }, "reconnecting/contract_violation"],
    ["403", { status: 403, code: "bad_origin" }, "blocked/bad_origin"],
    [
      "a session store that is away",
      { status: 503, code: "session_store_unavailable" },
      "reconnecting/session_store_unavailable",
    ],
    ["an identity proxy's redirect", { status: 302 }, "blocked/intercepted"],
    ["an identity proxy's page", { status: 200, body: "<html>" }, "blocked/intercepted"],
    ["an identity proxy's refusal", { status: 403, body: "<html>" }, "blocked/intercepted"],
    ["a network proxy's 407", { status: 407, body: "<html>" }, "blocked/intercepted"],
  ];

  test.each(down)(
    "at the start, with %s: shows the reason, and recovers by itself",
    async (_, fault, phase) => {
      const browser = new SimulatedBrowser();
      const tab = browser.open();
      browser.server.fault = () => fault;
      tab.engine.start();
      await browser.clock.pass(10 * MINUTE);
      expect(phaseOf(tab)).toBe(phase);
      expect(browser.server.count("poll"), "there is no token to poll with").toBe(0);
      expect(browser.server.count("mint")).toBeLessThanOrEqual(35);
      browser.server.fault = () => null;
      await browser.clock.pass(76_000);
      expect(phaseOf(tab)).toBe("live");
    },
  );

  test.each(down)(
    "at a renewal, with %s: the phase stays live while the token is valid",
    async (_, fault, phase) => {
      const { browser, tab } = await live();
      const seen = otherPhases(tab);
      browser.server.fault = (kind) => (kind === "mint" ? fault : null);
      await browser.clock.pass(4 * MINUTE + 50_000);
      expect(seen).toEqual([]);
      expect(browser.server.count("mint"), "a failed renewal backs off").toBeLessThanOrEqual(7);
      await browser.clock.pass(3 * MINUTE);
      expect(phaseOf(tab).split("/")[0]).toBe(phase.split("/")[0]);
      browser.server.fault = () => null;
      await browser.clock.pass(90_000);
      expect(phaseOf(tab)).toBe("live");
    },
  );

  test.each<[string, (browser: SimulatedBrowser) => void, string]>([
    [
      "the session has ended",
      ({ server }) => {
        server.session = null;
      },
      "signed_out/not_signed_in",
    ],
    [
      "the session belongs to another user",
      ({ server }) => {
        server.session = "cus_2";
      },
      "signed_out/session_changed",
    ],
  ])("%s: stops at once, and sends nothing more", async (_, arrange, phase) => {
    const { browser, tab } = await live();
    arrange(browser);
    await browser.clock.pass(5 * MINUTE);
    expect(phaseOf(tab)).toBe(phase);
    const sent = browser.server.received.length;
    await browser.clock.pass(60 * MINUTE);
    expect(browser.server.received.length).toBe(sent);
    expect(browser.clock.pending).toBe(0);
    expect(tab.engine.snapshot().customer.spendUsd).toBe(1);
  });

  test("a signed-out tab that returns mints once, and is live when the user has signed in again", async () => {
    const { browser, tab } = await live();
    browser.server.session = null;
    await browser.clock.pass(5 * MINUTE);
    tab.visible.set(false);
    tab.visible.set(true);
    await browser.clock.pass(1_000);
    expect(phaseOf(tab)).toBe("signed_out/not_signed_in");
    tab.visible.set(false);
    browser.server.session = "cus_1";
    await browser.clock.pass(10_000);
    tab.visible.set(true);
    await browser.clock.pass(1_000);
    expect(phaseOf(tab)).toBe("live");
  });

  test("switching to and from a signed-out tab mints at most once per interval", async () => {
    const { browser, tab } = await live();
    browser.server.session = null;
    await browser.clock.pass(5 * MINUTE);
    const from = browser.clock.elapsed;
    for (let round = 0; round < 20; round++) {
      tab.visible.set(false);
      tab.visible.set(true);
      await browser.clock.pass(1_000);
    }
    expect(browser.server.count("mint", from)).toBeLessThanOrEqual(5);
  });
});

describe("daily usage", () => {
  test("is fetched at the start, then once a minute while nothing changes", async () => {
    const { browser } = await live();
    await browser.clock.pass(10 * MINUTE);
    expect(browser.server.count("daily")).toBeGreaterThanOrEqual(9);
    expect(browser.server.count("daily")).toBeLessThanOrEqual(11);
  });

  test("is fetched after the poll that saw spend change", async () => {
    const { browser } = await live();
    browser.server.spend(0.1);
    await browser.clock.pass(6_000);
    expect(browser.server.count("daily")).toBe(2);
    await browser.clock.pass(30_000);
    expect(browser.server.count("daily")).toBe(2);
  });

  test("a change during a fetch is fetched with the next poll", async () => {
    const { browser } = await live();
    browser.server.fault = (kind) => (kind === "daily" ? "hang" : null);
    browser.server.spend(0.1);
    await browser.clock.pass(6_000);
    browser.server.spend(0.1);
    await browser.clock.pass(5_500);
    browser.server.fault = () => null;
    await browser.clock.pass(20_000);
    expect(statuses(browser).at(-1)).toBe(200);
    expect(browser.server.received.filter(({ kind }) => kind === "daily").at(-1)?.status).toBe(200);
  });

  test("is requested again soon after it failed", async () => {
    const { browser } = await live();
    const from = browser.server.received.length;
    browser.server.fault = (kind) =>
      kind === "daily" && browser.server.count("daily") === 2 ? { status: 503 } : null;
    browser.server.spend(0.1);
    await browser.clock.pass(25_000);
    const daily = browser.server.received.slice(from).filter(({ kind }) => kind === "daily");
    expect(daily.map(({ status }) => status)).toEqual([503, 200]);
  });

  test("is requested again when hiding the tab aborted it", async () => {
    const { browser, tab } = await live();
    browser.server.fault = (kind) => (kind === "daily" ? "hang" : null);
    browser.server.spend(0.1);
    await browser.clock.pass(6_000);
    tab.visible.set(false);
    browser.server.fault = () => null;
    await browser.clock.pass(10_000);
    tab.visible.set(true);
    await browser.clock.pass(1_000);
    expect(browser.server.received.at(-1)).toMatchObject({ kind: "daily", status: 200 });
  });

  test.each<[string, Fault, string]>([
    ["503", { status: 503 }, "ringside_unavailable"],
    ["403", { status: 403, code: "endpoint_not_allowed" }, "endpoint_not_allowed"],
    ["401", { status: 401 }, "token_rejected"],
    ["another shape", { status: 200, body: "[{}]" }, "contract_violation"],
  ])("a failure with %s has its own reason and leaves the totals live", async (_, fault, reason) => {
    const { browser, tab } = await live();
    const { daily } = tab.engine.snapshot();
    const seen = otherPhases(tab);
    browser.server.fault = (kind) => (kind === "daily" ? fault : null);
    browser.server.spend(1);
    await browser.clock.pass(2 * MINUTE);
    expect(seen).toEqual([]);
    expect(tab.engine.snapshot()).toMatchObject({ dailyReason: reason, customer: { spendUsd: 2 } });
    expect(tab.engine.snapshot().daily).toBe(daily);
    expect(browser.server.count("daily"), "it backs off on its own").toBeLessThanOrEqual(8);
    expect(browser.server.count("mint"), "it never mints").toBe(1);
    browser.server.fault = () => null;
    await browser.clock.pass(80_000);
    expect(tab.engine.snapshot().dailyReason).toBe(null);
  });
});
