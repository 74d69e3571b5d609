/** Changes around the page: its tab, its network, its windows, its tokens, the month. */
import { isMint, isPoll } from "../control/ringside.ts";
import { test as atRealTime, expectPhase, figure, hydrated, signIn } from "../fixtures.ts";
import { expect, expectLedger, lastSeq, setVisible, shown, test, watchForReload } from "./live-page.ts";

test("a hidden tab requests nothing; shown after its token's end, it mints once and is live", {
  tag: "@TOK-9",
}, async ({ live: page, customer }) => {
  await setVisible(page, false);
  await expectPhase(page, "paused");
  await expect(page.getByText("Paused while this tab is hidden")).toBeVisible();
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.url()));
  const since = await lastSeq(customer);
  await customer.spend(4, 2);
  await customer.advanceClock(600_000);
  for (let minute = 0; minute < 10; minute++) await page.clock.fastForward("01:00");
  expect(sent).toEqual([]);

  await setVisible(page, true);
  await expectPhase(page, "live");
  await expectLedger(page, customer);
  expect((await customer.received(since)).filter(isMint)).toHaveLength(1);
});

test("without a network it says so, and resumes when the network is back", async ({
  live: page,
  customer,
}) => {
  const expectSameDocument = await watchForReload(page);
  const before = await figure(page, "requests").textContent();
  await page.context().setOffline(true);
  await expectPhase(page, "offline");
  await expect(page.getByText(/Updates resume when you’re back online/)).toBeVisible();
  await customer.spend(4, 2);
  await page.clock.fastForward(30_000);
  await expect(page.getByText(/updated 3\d s ago/)).toBeVisible();
  await expect(figure(page, "requests")).toHaveText(before ?? "");
  await page.context().setOffline(false);
  await page.clock.fastForward(2_000);
  await expectPhase(page, "live");
  await expectLedger(page, customer);
  await expectSameDocument();
});

// Two pages' clocks cannot be moved in the same instant, and these two compare theirs.
atRealTime(
  "two windows of one user poll no more than one, and both are live",
  async ({ live: first, customer }) => {
    const second = await first.context().newPage();
    await second.goto("/dashboard");
    await hydrated(second);
    await expectPhase(second, "live");
    const since = await lastSeq(customer);
    // Each has a token of its own, which tells who asked.
    const askers = async () => (await customer.received(since)).filter(isPoll).map((poll) => poll.token_id);
    await expect.poll(async () => (await askers()).length).toBeGreaterThanOrEqual(6);
    const six = (await askers()).slice(0, 6);
    const busiest = Math.max(...six.map((token) => six.filter((other) => other === token).length));
    // One polls for both; independently each would have polled three times.
    expect(busiest).toBeGreaterThanOrEqual(5);
    await customer.spend(6, 5);
    for (const page of [first, second]) {
      await expectLedger(page, customer);
      await expectPhase(page, "live");
    }
    await second.close();
  },
);

test("tokens that live for 60 s are renewed in time, and not at every poll", { tag: "@TOK-13" }, async ({
  page,
  person,
  customer,
}) => {
  await customer.seed({ history: "steady", max_token_ttl_seconds: 60 });
  await signIn(page, person);
  await expectPhase(page, "live");
  const since = await lastSeq(customer);
  const polls = async () => (await customer.received(since)).filter(isPoll).length;
  for (let step = 1; step <= 24; step++) {
    const before = await polls();
    await customer.advanceClock(step * 5_000);
    await page.clock.fastForward(5_000);
    await expect.poll(polls, { intervals: [10, 20, 50] }).toBeGreaterThan(before);
  }
  // Two minutes, renewed after 48 s each.
  const received = await customer.received(since);
  expect(received.filter(isMint).length).toBeGreaterThanOrEqual(2);
  expect(received.filter(isMint).length).toBeLessThanOrEqual(4);
  expect(received.map(({ status }) => status)).not.toContain(401);
  await expectPhase(page, "live");
});

test("the month changes while the page is open", async ({ live: page, customer }) => {
  const now = new Date();
  const next = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 1));
  const month = next.toLocaleDateString("en-US", { month: "long", timeZone: "UTC" });
  await customer.advanceClock(next.getTime() - now.getTime());
  await page.clock.fastForward(next.getTime() - now.getTime());
  await expect(figure(page, "requests")).toHaveText("0");
  await expect(page.getByText(new RegExp(`^${month}.* 00:00 UTC`))).toBeVisible();
  await customer.spend(2.5, 3);
  await page.clock.fastForward(2_000);
  expect(shown((await customer.ledger()).customer)).toEqual({ requests: "3", spend: "$2.5000" });
  await expectLedger(page, customer);
  await expectPhase(page, "live");
});
