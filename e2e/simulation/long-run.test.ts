/** One tab open for 24 hours at a five-second interval, with usage in the morning and none at night. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { SimulatedBrowser } from "./browser.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

test("24 hours: no memory growth, 16 mints and 720 polls an hour, daily usage about once a minute or per change", async () => {
  const browser = new SimulatedBrowser(24);
  const { clock, server } = browser;
  server.days = Array.from({ length: 90 }, (_, day) => ({
    ...{
      date: new Date(Date.UTC(2026, 7, 26 + day)).toISOString().slice(0, 10),
      spend_usd: day,
      request_count: day,
    },
  }));
  const tab = browser.open();
  let changes = 0;
  tab.engine.subscribe(() => {
    changes += 1;
  });
  tab.engine.start();

  let settled = 0;
  for (let hour = 0; hour < 24; hour++) {
    const busy = hour >= 8 && hour < 12;
    for (let minute = 0; minute < 60; minute++) {
      for (let third = 0; third < 3; third++) {
        if (busy) server.spend(0.01);
        await clock.pass(MINUTE / 3);
      }
      expect(tab.engine.snapshot().phase).toBe("live");
    }
    expect(server.count("mint")).toBeLessThanOrEqual(16);
    expect(server.count("poll")).toBeLessThanOrEqual(720);
    expect(server.count("poll")).toBeGreaterThan(650);
    // Three changes of spend a minute are three fetches; a quiet minute has the one that notices a new day.
    expect(server.count("daily")).toBeLessThanOrEqual(busy ? 182 : 60);
    expect(tab.engine.snapshot().customer.spendUsd).toBe(server.row.spend_usd_mtd);
    server.clearLog();
    if (hour === 1) settled = heapBytes();
  }
  expect(changes).toBeGreaterThan(24 * 650);
  expect(heapBytes() - settled).toBeLessThan(1_000_000);

  tab.engine.stop();
  await clock.pass(HOUR);
  expect(clock.pending).toBe(0);
}, 120_000);
