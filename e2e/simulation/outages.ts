/** The outages the engine is measured in: ten minutes, then everything works again at one moment. */
import type { Outage } from "./swarm.ts";

const FROM = 130_000;
const UNTIL = FROM + 600_000;
const END = UNTIL + 120_000;

export function outages(clients: number) {
  const outage = (answer: Outage["answer"], network = false): Outage => ({
    ...{ clients, from: FROM, until: UNTIL, end: END, answer, network },
  });
  return {
    /** Ringside and our mint drop every connection. */
    drop: outage(() => ({ kind: "network" })),
    "503": outage(() => ({ kind: "unavailable", retryAfterMs: null })),
    "retry-after": outage(() => ({ kind: "unavailable", retryAfterMs: 30_000 })),
    /** `Retry-After` as an HTTP date: everybody is told the very same moment. */
    "retry-after-date": outage((now) => ({ kind: "unavailable", retryAfterMs: UNTIL - now })),
    /** The clients' own network: every browser says `offline`, and `online` in the same instant. */
    network: outage(() => ({ kind: "network" }), true),
  };
}
