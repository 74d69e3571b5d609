import { describe, expect, it } from "vitest";
import { ORIGIN, ringside } from "./test-client.ts";

const PREFLIGHT = {
  "access-control-request-method": "GET",
  "access-control-request-headers": "authorization",
};
const cors = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-") || name === "vary"));

describe("CORS", () => {
  it.each([ORIGIN, "https://evil.example", "null"])(
    "answers the preflight of %s, without credentials",
    async (origin) => {
      const { send } = await ringside();
      const { status, headers } = await send("OPTIONS", "/v1/customers/cus_x", {
        origin,
        headers: PREFLIGHT,
      });
      expect(status).toBe(204);
      expect(cors(headers)).toEqual({
        "access-control-allow-origin": origin,
        "access-control-allow-methods": "GET, POST, OPTIONS",
        "access-control-allow-headers": "Authorization, Content-Type",
        "access-control-max-age": "600",
        "access-control-expose-headers": "Retry-After",
        vary: "Origin",
      });
    },
  );

  it("lets the page read answers and errors alike", async () => {
    const { page, customerWithToken } = await ringside();
    const { path, token } = await customerWithToken();
    const readable = {
      "access-control-allow-origin": ORIGIN,
      "access-control-expose-headers": "Retry-After",
      vary: "Origin",
    };
    for (const [status, answer] of [
      [200, await page(path, token)],
      [401, await page(path, "bad")],
      [403, await page("/v1/customers/cus_x", token)],
      [404, await page("/v1/nothing", token)],
    ] as const) {
      expect([answer.status, cors(answer.headers)]).toEqual([status, readable]);
    }
    const elsewhere = await page(path, token, "https://evil.example");
    expect(elsewhere.status).toBe(403);
    expect(elsewhere.headers.get("access-control-allow-origin")).toBe("https://evil.example");
  });

  it("says nothing of origins to servers", async () => {
    const { server } = await ringside();
    expect(cors((await server("GET", "/v1/customers")).headers)).toEqual({ vary: "Origin" });
  });

  it("vanishes with the fault cors_off, for that Customer alone", async () => {
    const { page, send, control, customerWithToken } = await ringside();
    const { id, path, token } = await customerWithToken();
    const other = await customerWithToken({ external_id: "u_2" });
    await control("POST", "/faults", { customer: id, fault: "cors_off" });
    const refused = await send("OPTIONS", path, { origin: ORIGIN, headers: PREFLIGHT });
    expect([refused.status, cors(refused.headers)]).toEqual([403, {}]);
    for (const answer of [await page(path, token), await page("/v1/usage?group_by=day", token)]) {
      expect([answer.status, cors(answer.headers)]).toEqual([200, {}]);
    }
    expect((await page(other.path, other.token)).headers.get("access-control-allow-origin")).toBe(ORIGIN);
    await control("DELETE", `/faults?customer=${id}`);
    expect((await send("OPTIONS", path, { origin: ORIGIN, headers: PREFLIGHT })).status).toBe(204);
  });
});
