/** A live session whose clock the test controls: minutes of page time take milliseconds. */
import type { Page } from "@playwright/test";
import type { CustomerControl, CustomerRow } from "../control/ringside.ts";
import { test as base, expect, expectPhase, figure } from "../fixtures.ts";

export { expect };

/** As `test`, with the page's clock controlled by the test; between jumps it runs in real time. */
export const test = base.extend({
  page: async ({ page }, use) => {
    await page.clock.install();
    await use(page);
  },
});

export const lastSeq = async (customer: CustomerControl) => (await customer.received()).at(-1)?.seq ?? 0;

/** How a page in en-US writes the row that the ledger holds. */
export function shown({ request_count_mtd: requests, spend_usd_mtd: spend }: CustomerRow) {
  const fraction = spend < 0.1 ? 2 : 4;
  const digits = { minimumFractionDigits: fraction, maximumFractionDigits: fraction };
  return {
    requests: requests.toLocaleString("en-US"),
    // Not toFixed, which rounds what a double holds: 216.06595 is a little less there, and reads 216.0659.
    spend: `$${spend.toLocaleString("en-US", digits)}`,
  };
}

/** The page's totals are the ledger's, to the digit. */
export async function expectLedger(page: Page, customer: CustomerControl): Promise<void> {
  const { requests, spend } = shown((await customer.ledger()).customer);
  await expect(figure(page, "requests")).toHaveText(requests);
  await expect(figure(page, "spend")).toHaveText(spend);
}

/** Marks the document, so that a reload would be noticed. @returns a check that it is still the same one */
export async function watchForReload(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  return async () =>
    expect(await page.evaluate(() => Reflect.get(window, "sameDocument")), "the page was reloaded").toBe(
      true,
    );
}

/** Hides or shows the tab, as far as the page can tell. */
export const setVisible = (page: Page, visible: boolean) =>
  page.evaluate(
    (state) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
      document.dispatchEvent(new Event("visibilitychange"));
    },
    visible ? "visible" : "hidden",
  );

/** The longest wait of the engine: a minute between probes, and its jitter. */
export const LONGEST_WAIT_MS = 80_000;

/** A jump makes the next request due, or times out the current one: whichever the page waits for. */
export const jumpUntil = (page: Page, phase: string, ms: number) =>
  expect(async () => {
    await page.clock.fastForward(ms);
    await expectPhase(page, phase, { timeout: 3_000 });
  }).toPass({ timeout: 20_000 });

/** The fault is over: after its current wait the page is live with the ledger's figures. */
export async function expectRecovery(page: Page, customer: CustomerControl): Promise<void> {
  await customer.spend(3, 2);
  await jumpUntil(page, "live", LONGEST_WAIT_MS);
  await expectLedger(page, customer);
}
