/** Each way Ringside can fail during a live session: the page says it in words, keeps its figures, and mends itself. */
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
  /** What goes wrong, until it is mended. */
  faults: Fault[];
  phase?: string;
  words: RegExp;
}

const UNREADABLE = /gave an answer that this page cannot read/;
const UNREACHABLE = /cannot be reached from this browser/;
const PROBLEM = /Ringside has a problem/;
const OTHER_ROW = { id: "cus_other", spend_usd_mtd: 9, request_count_mtd: 9 };
const expired: Fault = { fault: "expire_now" };
/** Polls alone: of a mint that fails the page has other words, and whether one is due here is chance. */
const polls = (fault: string, more: Partial<Fault> = {}): Fault[] => [{ fault, on: "customer", ...more }];

/** Several to a session: signing in takes longer than most of them. */
const sessions: Record<string, Record<string, Case>> = {
  "Ringside is in trouble": {
    "500": { faults: polls("server_error"), words: PROBLEM },
    "503": { faults: polls("unavailable"), words: PROBLEM },
    "no answer in time": { faults: polls("slow", { delay_ms: 8_000 }), words: /takes too long/ },
  },
  "Ringside is out of reach": {
    "a dropped socket": { faults: polls("drop"), words: UNREACHABLE },
    "no CORS headers": { faults: polls("cors_off"), words: UNREACHABLE },
  },
  "an answer makes no sense": {
    "malformed JSON": { faults: polls("malformed"), words: UNREADABLE },
    "JSON of another shape": { faults: polls("wrong_shape"), words: UNREADABLE },
    "another Customer's row": { faults: polls("wrong_shape", { body: OTHER_ROW }), words: UNREADABLE },
  },
  "Ringside refuses": {
    "every token": { faults: polls("unauthorized"), phase: "blocked", words: /refused a fresh token/ },
    "this origin": { faults: polls("forbidden"), phase: "blocked", words: /set APP_ORIGIN/ },
  },
  "the token has expired and the mint fails": {
    "it is down": {
      faults: [expired, { fault: "unavailable", on: "mint" }],
      words: /This app cannot .* token/,
    },
    "it asks for a pause": {
      faults: [expired, { fault: "rate_limited", on: "mint", retry_after: 30 }],
      words: /asks for fewer calls/,
    },
  },
};

for (const [name, cases] of Object.entries(sessions)) {
  test(`${name}: told in words, with the last figures and their age, and over by itself`, async ({
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
        // A try that was under way when the fault was armed may end otherwise, before the one of this case.
        await expect(async () => {
          if (!(await page.getByText(words).isVisible())) await page.clock.fastForward(11_000);
          await expect(page.getByText(words)).toBeVisible({ timeout: 2_000 });
        }).toPass({ timeout: 20_000 });
        await expect(figure(page, "spend")).toHaveText(before ?? "");
        await page.clock.fastForward(4_000);
        await expect(page.getByText(/updated (\d\d s|\d min) ago/)).toBeVisible();
        await customer.mend();
        await expectRecovery(page, customer);
      });
    await expectSameDocument();
  });
}

const nextTry = (page: Page) => page.getByText(/Next try in \d\d s/);

for (const form of ["seconds", "an HTTP date"]) {
  test(`429 with Retry-After in ${form}: not one call before that`, async ({ live: page, customer }) => {
    const expectSameDocument = await watchForReload(page);
    const date = await page.evaluate(() => new Date(Date.now() + 62_000).toUTCString());
    const since = await lastSeq(customer);
    const retry_after = form === "seconds" ? 60 : date;
    await customer.fault({ fault: "rate_limited", on: "customer", times: 1, retry_after });
    await page.clock.fastForward(2_000);
    await expectPhase(page, "reconnecting");
    await expect(page.getByText(/asks for fewer calls/)).toBeVisible();
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

test("one rejected token: nobody notices", async ({ live: page, customer }) => {
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

test("an expiry in ISO 8601: the token serves as long as any other", async ({ live: page, customer }) => {
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

test("no daily figures: the totals go on, and the chart says that it is old", async ({
  live: page,
  customer,
}) => {
  const stale = page.getByText(/daily figures could not be updated/);
  await customer.fault({ fault: "unavailable", on: "usage" });
  await customer.spend(7, 4);
  await page.clock.fastForward(2_000);
  await expect(stale).toBeVisible();
  await expectLedger(page, customer);
  await expectPhase(page, "live");
  await customer.mend();
  await page.clock.fastForward(60_000);
  await page.clock.fastForward(60_000);
  await expect(stale).toBeHidden();
  await expectPhase(page, "live");
});
