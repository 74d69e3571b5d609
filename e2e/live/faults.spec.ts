/** Each way Ringside can fail during a live session: the page says why, keeps its figures, and recovers by itself. */
import type { Page } from "@playwright/test";
import { type Fault, isMint, isPoll } from "../control/ringside.ts";
import { expectPhase, figure } from "../fixtures.ts";
import {
  expect,
  expectLedger,
  expectRecovery,
  jumpUntil,
  lastSeq,
  test,
  watchForReload,
} from "./live-page.ts";

interface Case {
  /** The faults, until they are cleared. */
  faults: Fault[];
  phase?: string;
  words: RegExp;
}

const UNREADABLE = /Usage data couldn’t be read/;
const UNREACHABLE = /can’t be reached from this browser/;
const PROBLEM = /usage service has a problem/;
const OTHER_ROW = { id: "cus_other", spend_usd_mtd: 9, request_count_mtd: 9 };
const expired: Fault = { fault: "expire_now" };
/** Polls only: a failed mint has other words, and whether one is due here is random. */
const polls = (fault: string, more: Partial<Fault> = {}): Fault[] => [{ fault, on: "customer", ...more }];

/** Several to a session: signing in takes longer than most of them. */
const sessions: Record<string, Record<string, Case>> = {
  "Ringside is in trouble": {
    "500": { faults: polls("server_error"), words: PROBLEM },
    "503": { faults: polls("unavailable"), words: PROBLEM },
    "no reply in time": { faults: polls("slow", { delay_ms: 8_000 }), words: /taking too long/ },
  },
  "Ringside is out of reach": {
    "a dropped socket": { faults: polls("drop"), words: UNREACHABLE },
    "no CORS headers": { faults: polls("cors_off"), words: UNREACHABLE },
  },
  "a reply makes no sense": {
    "malformed JSON": { faults: polls("malformed"), words: UNREADABLE },
    "JSON of another shape": { faults: polls("wrong_shape"), words: UNREADABLE },
    "another Customer's row": { faults: polls("wrong_shape", { body: OTHER_ROW }), words: UNREADABLE },
  },
  "Ringside refuses": {
    "every token": {
      faults: polls("unauthorized"),
      phase: "blocked",
      words: /Access to your usage was refused/,
    },
    "this origin": { faults: polls("forbidden"), phase: "blocked", words: /can’t be loaded at this address/ },
  },
  "the token has expired and the mint fails": {
    "it is down": {
      faults: [expired, { fault: "unavailable", on: "mint" }],
      words: /usage service has a problem/,
    },
    "it asks for a pause": {
      faults: [expired, { fault: "rate_limited", on: "mint", retry_after: 30 }],
      words: /Too many requests/,
    },
  },
};

for (const [name, cases] of Object.entries(sessions)) {
  const tag = name === "Ringside is out of reach" ? "@XO-3" : [];
  test(`${name}: says why, keeps the last figures with their age, and recovers by itself`, { tag }, async ({
    live: page,
    customer,
  }) => {
    test.slow();
    const expectSameDocument = await watchForReload(page);
    for (const [fault, { faults, phase = "reconnecting", words }] of Object.entries(cases))
      await test.step(fault, async () => {
        // Two mints that refusals force are 30 s apart; here each case is to have its own.
        await page.clock.fastForward(40_000);
        await expectLedger(page, customer);
        const before = await figure(page, "spend").textContent();
        for (const armed of faults) await customer.fault(armed);
        await customer.spend(1);
        await jumpUntil(page, phase, 11_000);
        // A request in flight when the fault was armed may end differently, before the one of this case.
        await expect(async () => {
          if (!(await page.getByText(words).isVisible())) await page.clock.fastForward(11_000);
          await expect(page.getByText(words)).toBeVisible({ timeout: 2_000 });
        }).toPass({ timeout: 20_000 });
        await expect(figure(page, "spend")).toHaveText(before ?? "");
        await page.clock.fastForward(4_000);
        await expect(page.getByText(/updated (\d\d s|\d min) ago/)).toBeVisible();
        await customer.clearFaults();
        await expectRecovery(page, customer);
      });
    await expectSameDocument();
  });
}

const nextTry = (page: Page) => page.getByText(/Retrying in \d\d s/);

for (const form of ["seconds", "an HTTP date"]) {
  test(`429 with Retry-After in ${form}: no request before that`, { tag: "@TOK-7" }, async ({
    live: page,
    customer,
  }) => {
    const expectSameDocument = await watchForReload(page);
    const date = await page.evaluate(() => new Date(Date.now() + 62_000).toUTCString());
    const since = await lastSeq(customer);
    const retry_after = form === "seconds" ? 60 : date;
    await customer.fault({ fault: "rate_limited", on: "customer", times: 1, retry_after });
    await page.clock.fastForward(2_000);
    await expectPhase(page, "reconnecting");
    await expect(page.getByText(/Too many requests/)).toBeVisible();
    // The fault is over: an early call would succeed, and the page would be live.
    await page.clock.fastForward(20_000);
    await expect(nextTry(page)).toBeVisible();
    await expectPhase(page, "reconnecting");
    const statuses = (await customer.received(since)).filter(isPoll).map(({ status }) => status);
    expect(statuses.slice(statuses.indexOf(429))).toEqual([429]);
    await expectRecovery(page, customer);
    await expectSameDocument();
  });
}

test("one rejected token: one mint, and the page stays live", async ({ live: page, customer }) => {
  const since = await lastSeq(customer);
  await customer.fault({ fault: "unauthorized_once", on: "customer" });
  await customer.spend(2);
  await page.clock.fastForward(2_000);
  await expectLedger(page, customer);
  await expectPhase(page, "live");
  const received = await customer.received(since);
  expect(received.filter(({ status }) => status === 401)).toHaveLength(1);
  expect(received.filter(isMint)).toHaveLength(1);
});

test("an expiry in ISO 8601: the token is used as long as any other", async ({ live: page, customer }) => {
  await customer.fault({ fault: "expires_at_iso" });
  const since = await lastSeq(customer);
  await customer.fault(expired);
  await customer.spend(2);
  await page.clock.fastForward(2_000);
  await expectLedger(page, customer);
  for (const spend of [1, 2]) {
    await customer.spend(spend);
    await page.clock.fastForward("01:30");
    await expectLedger(page, customer);
  }
  await expectPhase(page, "live");
  expect((await customer.received(since)).filter(isMint)).toHaveLength(1);
});

test("no daily figures: the totals stay live, and the chart says that it is not current", async ({
  live: page,
  customer,
}) => {
  const stale = page.getByText(/Daily figures couldn’t be updated/);
  await customer.fault({ fault: "unavailable", on: "usage" });
  await customer.spend(7, 4);
  await page.clock.fastForward(2_000);
  await expect(stale).toBeVisible();
  await expectLedger(page, customer);
  await expectPhase(page, "live");
  await customer.clearFaults();
  await page.clock.fastForward(60_000);
  await page.clock.fastForward(60_000);
  await expect(stale).toBeHidden();
  await expectPhase(page, "live");
});
