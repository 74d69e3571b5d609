import { describe, expect, it } from "vitest";
import type { CreateCustomerRequest, Customer } from "./contract.ts";
import { createCustomers } from "./customers.server.ts";
import { type Ringside, RingsideError } from "./server-client.server.ts";

/** A Ringside that keeps rows by external_id, replays idempotency keys, and notes every call. */
function fakeRingside() {
  const rows = new Map<string, Customer>();
  const replays = new Map<string, Customer>();
  const calls: string[] = [];
  let made = 0;
  const row = (id: string): Customer => ({ id, spendUsd: 0, requestCount: 0, budgets: [], walletUsd: null });

  const ringside: Ringside = {
    async getCustomer(externalId) {
      calls.push(`GET ${externalId}`);
      const found = rows.get(externalId);
      if (!found) throw new RingsideError("not_found", "GET");
      return found;
    },
    async createCustomer({ external_id }: CreateCustomerRequest, key) {
      calls.push(`POST ${external_id}`);
      const replay = replays.get(key);
      if (replay) return replay;
      if (rows.has(external_id)) throw new RingsideError("conflict", "POST");
      made += 1;
      const created = row(`cus_${made}`);
      rows.set(external_id, created);
      replays.set(key, created);
      return created;
    },
    getDailyUsage: async () => [],
    mintClientToken: async () => ({ answer: { token: "t", expires_at: 0 }, date: null }),
  };
  return { ringside, rows, calls, row };
}

const ada = { externalId: "github_1", name: "Ada" };

describe("ensureCustomer", () => {
  it("asks once for a known user and twice for a new one", async () => {
    const { ringside, calls } = fakeRingside();
    const customers = createCustomers(ringside);
    const created = await customers.ensure(ada);
    expect(calls).toEqual(["GET github_1", "POST github_1"]);
    expect(await customers.ensure(ada)).toEqual(created);
    expect(calls).toEqual(["GET github_1", "POST github_1", "GET github_1"]);
  });

  it("shares one flight between concurrent loads of one user", async () => {
    const { ringside, calls } = fakeRingside();
    const customers = createCustomers(ringside);
    const ids = await Promise.all([1, 2, 3].map(async () => (await customers.ensure(ada)).id));
    expect(new Set(ids).size).toBe(1);
    expect(calls).toHaveLength(2);
  });

  it("does not share a failure with those who come later", async () => {
    const { ringside } = fakeRingside();
    let down = true;
    const customers = createCustomers({
      ...ringside,
      getCustomer: (id) =>
        down ? Promise.reject(new RingsideError("unavailable", "GET")) : ringside.getCustomer(id),
    });
    await expect(customers.ensure(ada)).rejects.toMatchObject({ failure: "unavailable" });
    down = false;
    expect((await customers.ensure(ada)).id).toBe("cus_1");
  });

  it("takes the winner's row when another process created it in between", async () => {
    const { ringside, rows, row } = fakeRingside();
    const customers = createCustomers({
      ...ringside,
      createCustomer: async () => {
        rows.set("github_1", row("cus_winner"));
        throw new RingsideError("conflict", "POST");
      },
    });
    expect((await customers.ensure(ada)).id).toBe("cus_winner");
  });

  it("says unavailable when Ringside both denies and claims to have the Customer", async () => {
    const { ringside } = fakeRingside();
    const customers = createCustomers({
      ...ringside,
      createCustomer: () => Promise.reject(new RingsideError("conflict", "POST")),
    });
    await expect(customers.ensure(ada)).rejects.toMatchObject({ failure: "unavailable" });
  });

  it("makes a deleted Customer again instead of replaying the creation of the dead one", async () => {
    const { ringside, rows } = fakeRingside();
    const customers = createCustomers(ringside);
    const first = await customers.ensure(ada);
    rows.delete(ada.externalId);
    const second = await customers.ensure(ada);
    expect(second.id).not.toBe(first.id);
    expect(rows.get(ada.externalId)).toEqual(second);
  });

  it("sends one idempotency key for one owner, and another for another", async () => {
    const keys: string[] = [];
    const { ringside } = fakeRingside();
    const recording: Ringside = {
      ...ringside,
      getCustomer: () => Promise.reject(new RingsideError("not_found", "GET")),
      createCustomer: (body, key) => {
        keys.push(key);
        return ringside.createCustomer(body, key);
      },
    };
    // Two processes with the same user, then another user.
    await createCustomers(recording).ensure(ada);
    await createCustomers(recording).ensure(ada);
    await createCustomers(recording).ensure({ externalId: "github_2" });
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(keys[0]).toMatch(/^ensure-customer-[0-9a-f]{40}$/);
  });

  it("knows an id it has just seen without asking, and asks again once told to forget", async () => {
    const { ringside, calls } = fakeRingside();
    const customers = createCustomers(ringside);
    await customers.ensure(ada);
    calls.length = 0;
    expect(await customers.idOf(ada)).toBe("cus_1");
    expect(calls).toEqual([]);
    customers.forget(ada.externalId);
    await customers.idOf(ada);
    expect(calls).toEqual(["GET github_1"]);
  });
});
