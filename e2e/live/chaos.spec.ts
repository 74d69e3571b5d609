/** Ten minutes of page time in which anything fails; `CHAOS_SEED` repeats the ones that were printed. */
import { randomInt } from "node:crypto";
import type { Page } from "@playwright/test";
import { type CustomerControl, isMint } from "../control/ringside.ts";
import { expectPhase, figure, phaseOf } from "../fixtures.ts";
import { chaos, type Step } from "./chaos.ts";
import {
  expect,
  expectLedger,
  LONGEST_WAIT_MS,
  lastSeq,
  setVisible,
  test,
  watchForReload,
} from "./live-page.ts";

const TEN_MINUTES_MS = 600_000;

test("ten minutes of random faults end live, with the figures of the ledger", async ({
  live: page,
  customer,
}) => {
  test.setTimeout(90_000);
  const seed = Number(process.env["CHAOS_SEED"] ?? randomInt(2 ** 31));
  console.log(`chaos: CHAOS_SEED=${seed}`);
  test.info().annotations.push({ type: "CHAOS_SEED", description: String(seed) });
  const expectSameDocument = await watchForReload(page);
  const since = await lastSeq(customer);
  const known = new Set([await requestsOf(customer)]);
  const phases = new Set<string>();
  let passed = 0;
  const pass = async (ms: number) => {
    passed += ms;
    await customer.advanceClock(passed);
    await page.clock.fastForward(ms);
  };

  for (const { ms, event } of chaos(seed, TEN_MINUTES_MS)) {
    await applyEvent(page, customer, event);
    if (event && "spend" in event) known.add(await requestsOf(customer));
    await pass(ms);
    // The page always shows a figure that was true at some time, never none and never another.
    expect(known).toContain(await figure(page, "requests").textContent());
    phases.add((await phaseOf(page).getAttribute("data-phase")) ?? "");
  }
  expect(phases.size, `no fault had an effect: ${[...phases]}`).toBeGreaterThan(2);

  await customer.clearFaults();
  await page.context().setOffline(false);
  await setVisible(page, true);
  await customer.spend(1.25, 3);
  await pass(LONGEST_WAIT_MS);
  await expectPhase(page, "live");
  await expectLedger(page, customer);
  await expectDays(page, customer, pass);
  await expectSameDocument();
  // One renewal in four minutes, and one for each refusal, of which none follows another within 30 s.
  expect((await customer.received(since)).filter(isMint).length).toBeLessThanOrEqual(30);
});

async function requestsOf(customer: CustomerControl): Promise<string> {
  return (await customer.ledger()).customer.request_count_mtd.toLocaleString("en-US");
}

async function applyEvent(page: Page, customer: CustomerControl, event: Step["event"]): Promise<void> {
  if (event === null) return;
  if ("fault" in event) await customer.fault(event.fault);
  else if ("clearFaults" in event) await customer.clearFaults();
  else if ("spend" in event) await customer.spend(event.spend, 1);
  else if ("visible" in event) await setVisible(page, event.visible);
  else await page.context().setOffline(event.offline);
}

/** The chart too, which may wait for a minute after the totals. */
async function expectDays(
  page: Page,
  customer: CustomerControl,
  pass: (ms: number) => Promise<void>,
): Promise<void> {
  await pass(LONGEST_WAIT_MS);
  await page.getByRole("link", { name: "Requests", exact: true }).click();
  await page.getByRole("link", { name: "90 days" }).click();
  const { days } = await customer.ledger();
  const total = days.slice(-90).reduce((sum, day) => sum + day.request_count, 0);
  await expect(page.getByText(`${total.toLocaleString("en-US")} requests in the last 90 days`)).toBeVisible();
}
