import { describe, expect, it, vi } from "vitest";
import type { Customers } from "./customers.server.ts";
import { mintFor, SessionChangedError } from "./minting.server.ts";
import { type Ringside, RingsideError } from "./server-client.server.ts";

const settings = {
  origin: new URL("https://usage.example.com"),
  url: new URL("https://api.fightclub.pro/v1"),
  ttlSeconds: 300,
};
const owner = { externalId: "github_1" };
const answer = {
  answer: { token: "jwt", expires_at: 1, extra: true },
  date: "Tue, 24 Nov 2026 06:00:00 GMT",
};

function access(mint: Ringside["mintClientToken"]) {
  const mintClientToken = vi.fn(mint);
  const ids = ["cus_1", "cus_2"];
  const customers: Customers = {
    ensure: async () => ({ id: ids[0] ?? "", spendUsd: 0, requestCount: 0, budgets: [], walletUsd: null }),
    idOf: async () => ids[0] ?? "",
    forget: () => void ids.shift(),
  };
  return { ringside: { mintClientToken } as unknown as Ringside, customers, settings, mintClientToken };
}

describe("mintFor", () => {
  it("asks for this Customer, this origin, these two endpoints and this TTL, and nothing more", async () => {
    const world = access(async () => answer);
    expect(await mintFor(owner, null, world)).toEqual(answer);
    expect(world.mintClientToken.mock.calls).toEqual([
      [
        {
          customer: "cus_1",
          origin: "https://usage.example.com",
          allowed_endpoints: ["/v1/customers/cus_1", "/v1/usage"],
          ttl_seconds: 300,
        },
      ],
    ]);
  });

  it("refuses a page that shows another Customer, before anything is minted", async () => {
    const world = access(async () => answer);
    await expect(mintFor(owner, "cus_other", world)).rejects.toBeInstanceOf(SessionChangedError);
    expect(world.mintClientToken).not.toHaveBeenCalled();
  });

  it("makes a Customer that was deleted upstream again, once, and mints for the new one", async () => {
    const world = access(async ({ customer }) => {
      if (customer === "cus_1") throw new RingsideError("not_found", "POST /client_tokens");
      return answer;
    });
    expect(await mintFor(owner, "cus_1", world)).toEqual(answer);
    expect(world.mintClientToken.mock.calls.map(([body]) => body.customer)).toEqual(["cus_1", "cus_2"]);
  });

  it("gives up after the second not found", async () => {
    const world = access(() => Promise.reject(new RingsideError("not_found", "POST /client_tokens")));
    await expect(mintFor(owner, null, world)).rejects.toMatchObject({ failure: "not_found" });
    expect(world.mintClientToken).toHaveBeenCalledTimes(2);
  });
});
