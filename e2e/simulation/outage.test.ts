/** Ten minutes of outage under ten thousand clients; `npx tsx e2e/simulation/outage.cli.ts` draws it. */
import { expect, test } from "vitest";
import { outages } from "./outages.ts";
import { simulate, summary } from "./swarm.ts";

/** Rates scale with the clients; the command line shows the same with 10,000. */
const CLIENTS = 1_000;
/** A second on an idle machine; the suite often shares two cores. */
const TIMEOUT_MS = 60_000;

test.each(Object.entries(outages(CLIENTS)))(
  "%s: recovery is at most twice the steady rate",
  (_, outage) => {
    const { steady, during, peak } = summary(simulate(outage, "ours"), outage);
    expect(steady).toBeGreaterThan(CLIENTS / 6);
    expect(during, "an outage is not made worse").toBeLessThan(steady / 4);
    expect(peak / steady).toBeLessThanOrEqual(2);
  },
  TIMEOUT_MS,
);

test(
  "the naive client shows that the measure can fail",
  () => {
    const { network } = outages(CLIENTS);
    const { steady, during, peak } = summary(simulate(network, "naive"), network);
    expect(during).toBeGreaterThan(steady / 2);
    expect(peak / steady).toBeGreaterThan(10);
  },
  TIMEOUT_MS,
);
