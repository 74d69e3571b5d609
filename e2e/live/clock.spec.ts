/** A wrong local clock: the page shows what it shows with a right one. */
import type { Page } from "@playwright/test";
import { isPoll } from "../control/ringside.ts";
import { expectPhase, hydrated, test } from "../fixtures.ts";
import { expect, lastSeq } from "./live-page.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What depends on the calendar: the month, changes, projection, budgets, chart and table. */
const calendar = async (page: Page) => ({
  period: await page.locator("h1 + p").innerText(),
  figures: await page.getByRole("region", { name: "This month so far" }).innerText(),
  budgets: await page.getByRole("region", { name: "Budgets" }).innerText(),
  table: await page.getByRole("table").innerText(),
});

async function csv(page: Page) {
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export CSV" }).click();
  return (await download).suggestedFilename();
}

for (const [name, offsetMs] of [
  ["8 hours fast", 8 * HOUR_MS],
  ["a day slow", -DAY_MS],
  ["6 days fast", 6 * DAY_MS],
  ["400 days slow", -400 * DAY_MS],
] as const) {
  test(`a clock that is ${name} changes no figure, label or date`, async ({ live: page, customer }) => {
    const open = async () => {
      await hydrated(page);
      await expectPhase(page, "live");
      const since = await lastSeq(customer);
      // Figures of polls and not of the server's HTML.
      await expect
        .poll(async () => (await customer.received(since)).filter(isPoll).length)
        .toBeGreaterThanOrEqual(2);
      await page.getByText("Show as a table").click();
      return { ...(await calendar(page)), file: await csv(page) };
    };
    const expected = await open();
    await page.clock.setSystemTime(Date.now() + offsetMs);
    await page.reload();
    expect(await open()).toEqual(expected);
    await expect(page.getByText(/updated (just now|\d+ s ago)/)).toBeVisible();
  });
}
