/** This process's Ringside client and its Customers, made from the configuration. */
import { config } from "#app/config/config.server.ts";
import { log } from "#app/server/log.server.ts";
import { ringsideCalls } from "#app/server/metrics.server.ts";
import { type Customers, createCustomers } from "./customers.server.ts";
import type { MintSettings } from "./minting.server.ts";
import { createRingside, type Ringside } from "./server-client.server.ts";

interface RingsideAccess {
  ringside: Ringside;
  customers: Customers;
  settings: MintSettings;
}

let current: RingsideAccess | undefined;

export function ringsideAccess(): RingsideAccess {
  if (!current) {
    const { ringside: access, origin, clientTokenTtlSeconds } = config();
    const ringside = createRingside({
      ...access,
      onCall: (call, code, seconds) => ringsideCalls.observe({ call, code }, seconds),
      onUnavailable: (call, cause) => log.warn({ event: "ringside_unavailable", call, cause }),
    });
    current = {
      ringside,
      customers: createCustomers(ringside),
      settings: { origin, url: access.url, ttlSeconds: clientTokenTtlSeconds },
    };
  }
  return current;
}
