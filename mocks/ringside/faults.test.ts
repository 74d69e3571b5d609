import { describe, expect, it } from "vitest";
import { parseClientToken } from "#app/ringside/contract.ts";
import { ORIGIN, ringside, statusAndCode } from "./test-client.ts";

const OK = [200, undefined];
const EXPIRED = [401, "invalid_client_token"];
const USAGE = "/v1/usage?group_by=day";

/** A mock with one Customer, and the calls that an app makes for it. */
async function withCustomer(options: Parameters<typeof ringside>[0] = {}) {
  const mock = await ringside(options);
  const customer = await mock.customerWithToken();
  return {
    ...mock,
    ...customer,
    arm: (fault: string, more: object = {}) =>
      mock.control("POST", "/faults", { customer: customer.id, fault, ...more }),
    row: () => mock.page(customer.path, customer.token),
    usage: () => mock.page(USAGE, customer.token),
    lookup: () => mock.server("GET", "/v1/customers/ext:u_1"),
    remint: () => mock.server("POST", "/v1/client_tokens", { customer: customer.id, origin: ORIGIN }),
  };
}

describe("faults of the token", () => {
  it("expire_now revokes that Customer's tokens so far, and is not consumed", async () => {
    const { arm, row, usage, path, page, mint, customerWithToken } = await withCustomer();
    const other = await customerWithToken({ external_id: "u_2" });
    await arm("expire_now");
    expect(statusAndCode(await row())).toEqual(EXPIRED);
    expect(statusAndCode(await usage())).toEqual(EXPIRED);
    expect(statusAndCode(await row())).toEqual(EXPIRED);
    expect((await page(path, await mint())).status).toBe(200);
    expect((await page(other.path, other.token)).status).toBe(200);
  });

  it("expire_now for all Customers", async () => {
    const { control, row, customerWithToken, page } = await withCustomer();
    const other = await customerWithToken({ external_id: "u_2" });
    await control("POST", "/faults", { customer: "*", fault: "expire_now" });
    expect(statusAndCode(await row())).toEqual(EXPIRED);
    expect(statusAndCode(await page(other.path, other.token))).toEqual(EXPIRED);
  });

  it("unauthorized_once fires once by default, on calls with a Client Token only", async () => {
    const { arm, row, lookup, remint } = await withCustomer();
    await arm("unauthorized_once");
    expect((await lookup()).status).toBe(200);
    expect((await remint()).status).toBe(201);
    expect(statusAndCode(await row())).toEqual(EXPIRED);
    expect(statusAndCode(await row())).toEqual(OK);
  });

  it("unauthorized and forbidden fire until removed", async () => {
    const { arm, row, usage, control, id } = await withCustomer();
    await arm("unauthorized");
    for (const call of [row, usage, row]) expect(statusAndCode(await call())).toEqual(EXPIRED);
    await control("DELETE", `/faults?customer=${id}`);
    expect(statusAndCode(await row())).toEqual(OK);
    await arm("forbidden", { on: "usage" });
    expect(statusAndCode(await row())).toEqual(OK);
    expect(statusAndCode(await usage())).toEqual([403, "origin_not_allowed"]);
  });

  it("unauthorized on a call of the server rejects the key", async () => {
    const { arm, lookup, remint } = await withCustomer();
    await arm("unauthorized", { on: "mint" });
    expect(statusAndCode(await lookup())).toEqual(OK);
    expect(statusAndCode(await remint())).toEqual([401, "invalid_api_key"]);
  });
});

describe("faults of the service", () => {
  it.each([
    ["rate_limited", {}, [429, "rate_limited"], "1"],
    ["rate_limited", { retry_after: 7 }, [429, "rate_limited"], "7"],
    [
      "rate_limited",
      { retry_after: "Wed, 21 Oct 2026 07:28:00 GMT" },
      [429, "rate_limited"],
      "Wed, 21 Oct 2026 07:28:00 GMT",
    ],
    ["server_error", {}, [500, "internal_error"], null],
    ["unavailable", {}, [503, "unavailable"], null],
    ["unavailable", { retry_after: 3 }, [503, "unavailable"], "3"],
  ])("%s %j", async (fault, more, expected, retryAfter) => {
    const { arm, row } = await withCustomer();
    await arm(fault, { ...more, times: 1 });
    const answer = await row();
    expect(statusAndCode(answer)).toEqual(expected);
    expect(answer.headers.get("retry-after")).toBe(retryAfter);
    expect(statusAndCode(await row())).toEqual(OK);
  });

  it("slow waits for delay_ms, then answers as usual", async () => {
    const waits: number[] = [];
    const { arm, row, lookup } = await withCustomer({
      sleep: async (ms) => {
        waits.push(ms);
      },
    });
    await arm("slow", { delay_ms: 12_000, on: "customer" });
    expect(statusAndCode(await lookup())).toEqual(OK);
    expect(statusAndCode(await row())).toEqual(OK);
    expect(waits).toEqual([12_000]);
  });

  it("slow combines with another fault", async () => {
    const waits: number[] = [];
    const { arm, row } = await withCustomer({
      sleep: async (ms) => {
        waits.push(ms);
      },
    });
    await arm("slow", { delay_ms: 5 });
    await arm("unavailable");
    expect(statusAndCode(await row())).toEqual([503, "unavailable"]);
    expect(waits).toEqual([5]);
  });

  it("drop destroys the socket and is logged with status 0", async () => {
    const { arm, row, control, id } = await withCustomer();
    await arm("drop", { times: 1 });
    await expect(row()).rejects.toThrow("fetch failed");
    expect(statusAndCode(await row())).toEqual(OK);
    const { requests } = await control("GET", `/requests?customer=${id}&path_prefix=/v1/customers/cus_`);
    expect(requests.map((entry: { status: number }) => entry.status)).toEqual([0, 200]);
  });

  it("malformed is a 200 that is no JSON; wrong_shape is unexpected JSON, or the given body", async () => {
    const { arm, row, usage, control } = await withCustomer();
    await arm("malformed", { on: "customer" });
    const malformed = await row();
    expect([malformed.status, malformed.body]).toEqual([200, undefined]);
    expect(malformed.headers.get("content-type")).toBe("application/json");
    await arm("wrong_shape", { on: "usage" });
    expect((await usage()).body).toEqual({ unexpected: true });
    await control("DELETE", "/faults?customer=*");
    await arm("wrong_shape", { on: "customer", body: { id: 7 } });
    expect((await row()).body).toEqual({ id: 7 });
  });

  it("expires_at_iso changes only the format of expires_at in a mint's response", async () => {
    const { arm, remint, row } = await withCustomer();
    const before = (await remint()).body;
    await arm("expires_at_iso");
    const { status, body } = await remint();
    expect(status).toBe(201);
    expect(body.expires_at).toMatch(/^2026-11-23T12:15:00.000Z$/);
    expect(parseClientToken(body).expiresAt).toBe(parseClientToken(before).expiresAt);
    expect(statusAndCode(await row())).toEqual(OK);
  });
});

describe("which calls and which Customers", () => {
  it("`on` picks the call", async () => {
    const { arm, control, row, usage, lookup, remint, server } = await withCustomer();
    const create = () => server("POST", "/v1/customers", { external_id: "u_1" });
    const viaCustomer = () => server("GET", "/v1/customers/ext:u_1/usage?group_by=day");
    const calls = { customer: row, usage, lookup, mint: remint, create };
    for (const on of Object.keys(calls)) {
      await arm("unavailable", { on });
      for (const [kind, call] of Object.entries(calls)) {
        expect((await call()).status === 503, `${kind} while armed on ${on}`).toBe(kind === on);
      }
      expect((await viaCustomer()).status).toBe(on === "usage" ? 503 : 200);
      await control("DELETE", "/faults?customer=*");
    }
    await arm("unavailable");
    for (const call of Object.values(calls)) expect((await call()).status).toBe(503);
  });

  it("affects a Customer that does not exist yet, by external_id, encoded or not", async () => {
    const { server, control } = await ringside();
    const ext = "ext:auth0%7Ca%252Fb";
    const faults = ["lookup", "create"].map((on) => ({ customer: ext, fault: "unavailable", on, times: 1 }));
    for (const fault of faults) await control("POST", "/faults", fault);
    expect((await server("GET", `/v1/customers/${ext}`)).status).toBe(503);
    expect((await server("GET", `/v1/customers/${ext}`)).status).toBe(404);
    const create = () => server("POST", "/v1/customers", { external_id: "auth0|a%2Fb" });
    expect((await create()).status).toBe(503);
    expect((await create()).status).toBe(201);
    await control("POST", "/faults", { customer: ext, fault: "unavailable" });
    expect((await server("GET", `/v1/customers/${ext}`)).status).toBe(503);
    await control("DELETE", `/faults?customer=${encodeURIComponent(ext)}`);
    expect((await server("GET", `/v1/customers/${ext}`)).status).toBe(200);
  });

  it("* affects all Customers, known or not, until DELETE *", async () => {
    const { control, server, row, lookup } = await withCustomer();
    await control("POST", "/faults", { customer: "*", fault: "server_error" });
    expect((await row()).status).toBe(500);
    expect((await lookup()).status).toBe(500);
    expect((await server("GET", "/v1/customers/ext:unknown")).status).toBe(500);
    await control("DELETE", "/faults?customer=ext:u_1");
    expect((await row()).status).toBe(500);
    await control("DELETE", "/faults?customer=*");
    expect((await row()).status).toBe(200);
  });

  it("does not affect other Customers, and fires in the order of arming", async () => {
    const { arm, row, page, customerWithToken } = await withCustomer();
    const other = await customerWithToken({ external_id: "u_2" });
    await arm("server_error", { times: 2 });
    await arm("rate_limited", { times: 1 });
    expect((await page(other.path, other.token)).status).toBe(200);
    const statuses = [await row(), await row(), await row(), await row()].map(({ status }) => status);
    expect(statuses).toEqual([500, 500, 429, 200]);
  });

  it.each([
    { fault: "unautorized" },
    { fault: "slow", on: "custmer" },
    { fault: "drop", times: 0 },
    { fault: "drop", tmies: 1 },
  ])("rejects the misspelt %j", async (bad) => {
    const { send } = await ringside();
    const answer = await send("POST", "/__control/faults", { json: { customer: "*", ...bad } });
    expect(statusAndCode(answer)).toEqual([400, "invalid_control_request"]);
  });
});

describe("external_ids that are not compared exactly", () => {
  it.each([
    ["fold_case", "User_A", "user_a", "user_a"],
    ["trim", "user_b ", "user_b", "user_b"],
    ["normalise", "jose\u0301", "jos\u00e9", "jos\u00e9"],
    ["truncate", "user_c1", "user_c2", "user_c"],
  ])("%s: %j is found as %j, and the row has %j", async (fault, asked, existing, echo) => {
    const { control, server } = await ringside();
    const create = (external_id: string) => server("POST", "/v1/customers", { external_id });
    const first = (await create(existing)).body as { id: string };
    await control("POST", "/faults", { customer: `ext:${encodeURIComponent(asked)}`, fault });
    const found = await server("GET", `/v1/customers/ext:${encodeURIComponent(asked)}`);
    expect(found.body).toMatchObject({ id: first.id, external_id: echo });
    expect(statusAndCode(await create(asked))).toEqual([409, "external_id_taken"]);
    expect((await server("GET", `/v1/customers/ext:${encodeURIComponent(existing)}`)).body).toMatchObject({
      external_id: existing,
    });
  });

  it("a first Customer is created, and its row has the folded external_id", async () => {
    const { control, server } = await ringside();
    await control("POST", "/faults", { customer: "*", fault: "fold_case" });
    const created = await server("POST", "/v1/customers", { external_id: "Only_One" });
    expect(created).toMatchObject({ status: 201, body: { external_id: "only_one" } });
  });
});
