import { describe, expect, test } from "vitest";
import { createRingsideClient } from "./browser-client.ts";

function clientFor(response: Response, baseUrl = "https://ringside.test/v1") {
  const sent: { url: string; init: RequestInit }[] = [];
  const network = {
    async fetch(url: string, init: RequestInit) {
      sent.push({ url, init });
      return response;
    },
    now: () => 0,
    after: () => () => {},
  };
  return { client: createRingsideClient(network, baseUrl), sent };
}
const { signal } = new AbortController();
const row = { id: "cus_1", spend_usd_mtd: "1.5", request_count_mtd: 3 };

describe("the browser's client", () => {
  test("sends the token to Ringside, and neither cookies nor a referrer", async () => {
    const { client, sent } = clientFor(Response.json(row), "https://ringside.test/v1/");
    await client.getCustomer("cus/1", "jwt", signal);
    expect(sent[0]?.url).toBe("https://ringside.test/v1/customers/cus%2F1");
    expect(sent[0]?.init).toMatchObject({
      headers: { authorization: "Client jwt" },
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "default",
      redirect: "manual",
    });
  });

  test("reads a Customer", async () => {
    const { client } = clientFor(Response.json(row));
    expect(await client.getCustomer("cus_1", "jwt", signal)).toMatchObject({
      kind: "ok",
      value: { id: "cus_1", spendUsd: 1.5, requestCount: 3 },
    });
  });

  test("never hands over another Customer's row", async () => {
    const { client } = clientFor(Response.json({ ...row, id: "cus_2" }));
    expect((await client.getCustomer("cus_1", "jwt", signal)).kind).toBe("contract");
  });

  test("says what it could not read", async () => {
    const { client } = clientFor(Response.json({ id: "cus_1", spend_usd_mtd: "much", request_count_mtd: 0 }));
    const answer = await client.getCustomer("cus_1", "jwt", signal);
    expect(answer).toMatchObject({ kind: "contract", detail: expect.stringContaining("spend_usd_mtd") });
  });

  test("asks for whole days and reads them oldest first", async () => {
    const days = [
      { date: "2026-11-02", spend_usd: 2, request_count: 1 },
      { date: "2026-11-01", spend_usd: 1, request_count: 1 },
    ];
    const { client, sent } = clientFor(Response.json(days));
    const answer = await client.getDailyUsage("2026-11-01", "jwt", signal);
    expect(sent[0]?.url).toBe("https://ringside.test/v1/usage?group_by=day&since=2026-11-01");
    expect(answer).toMatchObject({ kind: "ok", value: [{ date: "2026-11-01" }, { date: "2026-11-02" }] });
  });
});
