/** Minting a Client Token: what it may read, from where, for how long. */

import { paths } from "./contract.ts";
import type { CustomerOwner, Customers } from "./customers.server.ts";
import { type MintedToken, type Ringside, RingsideError } from "./server-client.server.ts";

export interface MintSettings {
  /** The only origin whose pages can use the token. */
  origin: URL;
  /** The API base: the whitelist holds whole paths, so its `/v1` belongs in them. */
  url: URL;
  ttlSeconds: number;
}

/** The page that asked was rendered for another Customer than the session's. */
export class SessionChangedError extends Error {}

/**
 * Mints for the owner's Customer only; a Customer deleted upstream is made again once.
 * @param expectedId the Customer id the asking page shows, if it said so; it can refuse a mint, never steer one
 * @throws RingsideError, SessionChangedError
 */
export async function mintFor(
  owner: CustomerOwner,
  expectedId: string | null,
  { ringside, customers, settings }: { ringside: Ringside; customers: Customers; settings: MintSettings },
): Promise<MintedToken> {
  const mint = (customer: string) =>
    ringside.mintClientToken({
      customer,
      origin: settings.origin.origin,
      allowed_endpoints: allowedEndpoints(settings.url, customer),
      ttl_seconds: settings.ttlSeconds,
    });

  const id = await customers.idOf(owner);
  if (expectedId !== null && expectedId !== id) throw new SessionChangedError();
  try {
    return await mint(id);
  } catch (error) {
    if (!(error instanceof RingsideError && error.failure === "not_found")) throw error;
    customers.forget(owner.externalId);
    return mint((await customers.ensure(owner)).id);
  }
}

/** This Customer's row and its daily usage, and nothing else. */
export function allowedEndpoints(url: URL, customer: string): string[] {
  const base = url.pathname.replace(/\/$/, "");
  return [base + paths.customer(customer), base + paths.usage];
}
