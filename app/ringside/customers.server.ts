/**
 * ensureCustomer: one Ringside Customer per signed-in user, found or made by external_id alone.
 * `ext:` look-ups are the idempotency primitive, so no `cus_…` id is ever stored.
 */
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Customer } from "./contract.ts";
import { type Ringside, RingsideError } from "./server-client.server.ts";

/** Who a Customer is for. `name` and `metadata` only label it in Ringside's own dashboard. */
export interface CustomerOwner {
  externalId: string;
  name?: string;
  metadata?: Record<string, string>;
}

export interface Customers {
  /**
   * The owner's Customer: one upstream call for a known user, two for a new one. Concurrent calls for one
   * external_id share one flight per process; processes that race are settled by Ringside's 409.
   * @throws RingsideError
   */
  ensure(owner: CustomerOwner): Promise<Customer>;
  /** The Customer's id, from memory where this process has just seen it. @throws RingsideError */
  idOf(owner: CustomerOwner): Promise<string>;
  /** Says that Ringside no longer knows this id, so that `ensure` makes a new Customer. */
  forget(externalId: string): void;
}

export function createCustomers(ringside: Ringside): Customers {
  const flights = new Map<string, Promise<Customer>>();
  const seen = new LRUCache<string, string>({ max: 50_000, ttl: 10 * 60_000 });
  const gone = new LRUCache<string, string>({ max: 1_000 });

  async function findOrCreate(owner: CustomerOwner): Promise<Customer> {
    const found = await find(owner.externalId);
    if (found) return found;
    try {
      return await ringside.createCustomer(bodyFor(owner), idempotencyKey(owner));
    } catch (error) {
      if (!isFailure(error, "conflict")) throw error;
      const winner = await find(owner.externalId);
      if (winner) return winner;
      throw new RingsideError("unavailable", "Customer neither found nor created", null, null, {
        cause: error,
      });
    }
  }

  async function find(externalId: string): Promise<Customer | null> {
    try {
      return await ringside.getCustomer(externalId);
    } catch (error) {
      if (!isFailure(error, "not_found")) throw error;
      const last = seen.get(externalId);
      if (last) gone.set(externalId, last);
      return null;
    }
  }

  /**
   * Derived from all that the request says, so that a retry replays and a race does not create twice. It
   * includes the id of a Customer known to be deleted: replaying its creation would hand back the dead one.
   */
  function idempotencyKey(owner: CustomerOwner): string {
    const parts = JSON.stringify([bodyFor(owner), gone.get(owner.externalId) ?? null]);
    return `ensure-customer-${createHash("sha256").update(parts).digest("hex").slice(0, 40)}`;
  }

  async function ensure(owner: CustomerOwner): Promise<Customer> {
    const { externalId } = owner;
    const flight = flights.get(externalId) ?? findOrCreate(owner).finally(() => flights.delete(externalId));
    flights.set(externalId, flight);
    const customer = await flight;
    seen.set(externalId, customer.id);
    return customer;
  }

  return {
    ensure,
    idOf: async (owner) => seen.get(owner.externalId) ?? (await ensure(owner)).id,
    forget(externalId) {
      const id = seen.get(externalId);
      if (id) gone.set(externalId, id);
      seen.delete(externalId);
    },
  };
}

const bodyFor = ({ externalId, name, metadata }: CustomerOwner) => ({
  external_id: externalId,
  ...(name && { name }),
  ...(metadata && { metadata }),
});

const isFailure = (error: unknown, failure: RingsideError["failure"]) =>
  error instanceof RingsideError && error.failure === failure;
