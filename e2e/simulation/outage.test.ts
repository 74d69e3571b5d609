/** Ten minutes of outage with many clients; `npx tsx e2e/simulation/outage.cli.ts` draws it. */
import { expect, test } from "vitest";
import { outages, simulate, summary } from "./many-clients.ts";

/** Rates scale with the number of clients; the command draws the same for 10,000. */
const CLIENTS = 1_000;
/** It takes a second on an idle machine; the suite often shares two cores. */
const TIMEOUT_MS = 60_000;

test.each(Object.entries(outages(CLIENTS)))(
  "%s: recovery is at most twice the steady rate",
  (_, outage) => {
    const { steady, during, peak } = summary(simulate(outage, "engine"), outage);
    expect(steady).toBeGreaterThan(CLIENTS / 6);
    expect(during, "the clients do not add load to an outage").toBeLessThan(steady / 4);
    expect(peak / steady).toBeLessThanOrEqual(2);
  },
  TIMEOUT_MS,
);

test(
  "a naive client fails the same measurement",
  () => {
    const { network } = outages(CLIENTS);
    const { steady, during, peak } = summary(simulate(network, "naive"), network);
    expect(during).toBeGreaterThan(steady / 2);
    expect(peak / steady).toBeGreaterThan(10);
  },
  TIMEOUT_MS,
);
