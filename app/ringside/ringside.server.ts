/** This process's Ringside: one client and one set of flights, made from the configuration. */
import { config } from "#app/config/config.server.ts";
import { ringsideCalls } from "#app/server/metrics.server.ts";
import { createRingside, type Ringside } from "./api.server.ts";
import { type Customers, createCustomers } from "./ensure-customer.server.ts";
import type { MintSettings } from "./mint.server.ts";

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
    });
    current = {
      ringside,
      customers: createCustomers(ringside),
      settings: { origin, url: access.url, ttlSeconds: clientTokenTtlSeconds },
    };
  }
  return current;
}
