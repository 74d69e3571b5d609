/** The page's view model must not depend on the browser's clock, which may be wrong by years. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { SimulatedBrowser } from "#e2e/simulation/browser.ts";
import { EPOCH } from "#e2e/simulation/clock.ts";
import * as selectors from "./live-selectors.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** From the simulation's start, Nov 23, 12:00, to ten seconds before the month ends. */
const TO_MONTH_END_MS = 7.5 * DAY_MS - 10_000;

const rows = Array.from({ length: 60 }, (_, index) => ({
  date: new Date(EPOCH + (index - 59) * DAY_MS).toISOString().slice(0, 10),
  spend_usd: 1 + (index % 7),
  request_count: 10 + index,
}));
const daily = rows.map((row) => ({
  date: row.date,
  spendUsd: row.spend_usd,
  requestCount: row.request_count,
}));

/** Everything that the page shows of the figures, from the server's render to the first poll of the next month. */
async function views(offsetMs: number, laterOffsetMs = 0) {
  const browser = new SimulatedBrowser(7);
  browser.server.days = rows;
  browser.clock.jump(offsetMs);
  const tab = browser.open({ loadedAt: EPOCH, daily });
  const { nextTryOf: _, ...figures } = selectors;
  const view = () => {
    const live = tab.engine.snapshot();
    return Object.fromEntries(
      Object.entries(figures).map(([name, select]) => [
        name,
        (select as (of: typeof live, index: number) => unknown)(live, 0),
      ]),
    );
  };
  const seen = [view()];
  tab.engine.start();
  seen.push(view());
  await browser.clock.pass(1_000);
  seen.push(view());
  browser.clock.jump(laterOffsetMs);
  await browser.clock.pass(12_000);
  seen.push(view());
  browser.clock.sleep(TO_MONTH_END_MS - 13_000);
  await browser.clock.pass(6_000);
  seen.push(view());
  await browser.clock.pass(12_000);
  seen.push(view());
  expect(tab.engine.snapshot().phase).toBe("live");
  return seen;
}

test("any clock offset within two years gives the same view model", async () => {
  const expected = await views(0);
  expect(expected.at(-2)).toMatchObject({ todayOf: "2026-11-30" });
  expect(expected.at(-1)).toMatchObject({ todayOf: "2026-12-01" });
  const offset = fc.integer({ min: -731 * DAY_MS, max: 731 * DAY_MS });
  await fc.assert(
    fc.asyncProperty(offset, async (offsetMs) => {
      expect(await views(offsetMs)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

test.each([8 * HOUR_MS, -DAY_MS, 6 * DAY_MS, -400 * DAY_MS])(
  "a clock that is set by %i ms while the page is open gives the same view model",
  async (offsetMs) => {
    expect(await views(0, offsetMs)).toEqual(await views(0));
  },
);
