import { describe, expect, it } from "vitest";
import { parseCustomer } from "#app/ringside/contract.ts";
import { fakeClock, ringside } from "#mocks/ringside/test-client.ts";
import { mock } from "./demo.ts";

/** Late in a month and on its first day: budgets are shares of what was spent, so both must look right. */
const days = ["2026-11-23T15:00:00Z", "2026-12-01T09:00:00Z"];

async function people(at: string) {
  const { control } = await ringside({ seed: mock.customers?.("") ?? [], now: fakeClock(at).now });
  return (externalId: string) =>
    control("GET", `/customers/ext:${externalId}`).then(({ customer }) => ({
      ...parseCustomer(customer),
      name: customer.name as string,
    }));
}
const used = ({ budgets }: { budgets: { spentUsd: number | null; limitUsd: number }[] }) =>
  budgets.map(({ spentUsd, limitUsd }) => (spentUsd ?? Number.NaN) / limitUsd);

describe("the people of the demo", () => {
  it.each(days)("are who they say at %s", async (at) => {
    const person = await people(at);
    const ada = await person("demo_ada");
    expect(ada.name).toBe("Ada Lovelace");
    expect(used(ada)[0]).toBeGreaterThan(0.66);
    expect(used(ada)[0]).toBeLessThan(0.74);

    const grace = await person("demo_grace");
    expect([grace.name, grace.walletUsd]).toEqual(["Grace Hopper", 18.4]);
    expect(used(grace)[0]).toBeGreaterThan(0.8);
    expect(used(grace)[0]).toBeLessThan(1);

    const alan = await person("demo_alan");
    expect([alan.name, alan.budgets.length]).toEqual(["Alan Turing", 3]);
    expect(used(alan).filter((share) => share > 1)).toHaveLength(1);
    expect(alan.spendUsd).toBeGreaterThan(10_000);

    const mary = await person("demo_mary");
    expect([mary.name, mary.budgets]).toEqual(["Mary Somerville", []]);
    expect(mary.spendUsd / mary.requestCount).toBeGreaterThan(0.0002);
    expect(mary.spendUsd / mary.requestCount).toBeLessThan(0.0008);
  });

  it("leave the first visit to Nova", async () => {
    const { server } = await ringside({ seed: mock.customers?.("") ?? [] });
    expect((await server("GET", "/v1/customers/ext:demo_new")).status).toBe(404);
  });
});
