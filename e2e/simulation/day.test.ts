/** A day in the life of one tab: 24 hours at five seconds, with work in the morning and quiet at night. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { World } from "./world.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

test("24 hours: no growth, 16 mints, 720 polls an hour, and daily usage only when something moved", async () => {
  const world = new World(24);
  const { clock, service } = world;
  service.days = Array.from({ length: 90 }, (_, day) => ({
    ...{
      date: new Date(Date.UTC(2026, 7, 26 + day)).toISOString().slice(0, 10),
      spend_usd: day,
      request_count: day,
    },
  }));
  const tab = world.open();
  let heard = 0;
  tab.engine.subscribe(() => {
    heard += 1;
  });
  tab.engine.start();

  let settled = 0;
  for (let hour = 0; hour < 24; hour++) {
    const busy = hour >= 8 && hour < 12;
    for (let minute = 0; minute < 60; minute++) {
      for (let third = 0; third < 3; third++) {
        if (busy) service.spend(0.01);
        await clock.pass(MINUTE / 3);
      }
      expect(tab.engine.snapshot().phase).toBe("live");
    }
    expect(service.count("mint")).toBeLessThanOrEqual(16);
    expect(service.count("poll")).toBeLessThanOrEqual(720);
    expect(service.count("poll")).toBeGreaterThan(650);
    // Three moves a minute are three fetches; a quiet minute has the one that notices a change of day.
    expect(service.count("daily")).toBeLessThanOrEqual(busy ? 182 : 60);
    expect(tab.engine.snapshot().customer.spendUsd).toBe(service.row.spend_usd_mtd);
    service.forget();
    if (hour === 1) settled = heapBytes();
  }
  expect(heard).toBeGreaterThan(24 * 650);
  expect(heapBytes() - settled).toBeLessThan(1_000_000);

  tab.engine.stop();
  await clock.pass(HOUR);
  expect(clock.pending).toBe(0);
}, 120_000);
