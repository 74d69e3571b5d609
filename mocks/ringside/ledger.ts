/** All Customers of the mock's one Ringside account. */
import { randomBytes } from "node:crypto";
import { Account } from "./account.ts";
import type { Seed } from "./seed.ts";

export class Ledger {
  readonly #now: () => number;
  readonly #byId = new Map<string, Account>();
  readonly #byExternalId = new Map<string, Account>();
  /** Of every id there ever was. */
  readonly #externalIds = new Map<string, string>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A new Customer; null when the external_id is taken. No await inside, so that of a race exactly one wins. */
  create(seed: Seed): Account | null {
    if (this.#byExternalId.has(seed.external_id)) return null;
    return this.#store(newId(), seed);
  }

  /** Creates, or starts the books afresh under the id that the Customer already has. */
  replace(seed: Seed): Account {
    return this.#store(this.#byExternalId.get(seed.external_id)?.id ?? newId(), seed);
  }

  byId(id: string): Account | undefined {
    return this.#byId.get(id);
  }

  byExternalId(externalId: string): Account | undefined {
    return this.#byExternalId.get(externalId);
  }

  /** By a path segment that is already decoded: `cus_…`, or `ext:` and the external_id. */
  find(ref: string): Account | undefined {
    return ref.startsWith("ext:") ? this.byExternalId(ref.slice(4)) : this.byId(ref);
  }

  /** Whose id this is or was: requests for a deleted Customer are still somebody's. */
  externalIdOf(id: string): string | undefined {
    return this.#externalIds.get(id);
  }

  all(): Account[] {
    return [...this.#byId.values()];
  }

  remove(account: Account): void {
    this.#byId.delete(account.id);
    this.#byExternalId.delete(account.externalId);
  }

  #store(id: string, seed: Seed): Account {
    const account = new Account(id, seed, this.#now);
    this.#byId.set(account.id, account);
    this.#byExternalId.set(account.externalId, account);
    this.#externalIds.set(account.id, account.externalId);
    return account;
  }
}

const newId = () => `cus_${randomBytes(12).toString("hex")}`;
