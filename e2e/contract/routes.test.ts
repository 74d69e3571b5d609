/** The mint's action and the dashboard's loader, called as Remix calls them, against the real mock of Ringside. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { startRingside } from "#mocks/ringside/server.ts";

const ORIGIN = "https://usage.example.com";
const KEY = "sk_live_routes_canary_0123456789";
const EXTERNAL_ID = "demo_ada";

let ringside: Awaited<ReturnType<typeof startRingside>>;
let cookie: string;
let mint: (init?: { headers?: Record<string, string>; body?: string }) => Promise<Response>;
let dashboard: () => Promise<{ data: unknown; init: ResponseInit | null }>;

const control = async (method: string, path: string, json?: object) => {
  const response = await fetch(`${ringside.url}/__control${path}`, {
    method,
    ...(json && { body: JSON.stringify(json), headers: { "content-type": "application/json" } }),
  });
  expect(response.status).toBe(200);
  return response.json();
};
const answerLookUp = (body: object) =>
  control("POST", "/faults", { customer: "*", fault: "wrong_shape", on: "lookup", body });

beforeAll(async () => {
  ringside = await startRingside({ port: 0, apiKey: KEY });
  for (const name of Object.keys(process.env))
    if (/^(APP_|RINGSIDE_|AUTH_|REDIS_)/.test(name)) delete process.env[name];
  Object.assign(process.env, {
    APP_ORIGIN: ORIGIN,
    NODE_ENV: "test",
    AUTH_ADAPTERS: "github",
    GITHUB_CLIENT_ID: "id",
    GITHUB_CLIENT_SECRET: "a-client-secret",
    EXTERNAL_ID_TEMPLATE: "demo_{subject}",
    SESSION_SECRET: "routes-test-secret-of-sufficient-length-0001",
    RINGSIDE_API_URL: ringside.baseUrl,
    RINGSIDE_API_KEY: KEY,
    LOG_LEVEL: "silent",
  });
  const { startSession } = await import("#app/auth/session.server.ts");
  const route = await import("#app/routes/api.mint-client-token.ts");
  const page = await import("#app/routes/dashboard.tsx");
  const issuer = "https://github.com";
  cookie = (await startSession("github", { issuer, subject: "ada", name: "Ada" })).split(";")[0] ?? "";
  const args = (request: Request) => ({ request, params: {}, context: {} });
  mint = ({ headers = {}, body = "{}" } = {}) =>
    route.action(
      args(
        new Request(`${ORIGIN}/api/mint-client-token`, {
          method: "POST",
          headers: { origin: ORIGIN, cookie, "content-type": "application/json", ...headers },
          body,
        }),
      ),
    );
  dashboard = () =>
    page.loader(args(new Request(`${ORIGIN}/dashboard`, { headers: { cookie } }))) as ReturnType<
      typeof dashboard
    >;
});
afterAll(() => ringside.close());
beforeEach(async () => {
  await control("DELETE", "/faults?customer=*");
  await control("POST", "/customers", { external_id: EXTERNAL_ID, budget_usd: 10 });
  const { ringsideAccess } = await import("#app/ringside/ringside.server.ts");
  ringsideAccess().customers.forget(EXTERNAL_ID);
});

const problem = async (response: Response) => [response.status, (await response.json()).code];

it("hands Ringside's token and Ringside's Date to the page", async () => {
  await control("POST", "/clock", { customer: `ext:${EXTERNAL_ID}`, advance_ms: 3 * 3_600_000 });
  const response = await mint();
  expect(response.status).toBe(200);
  const { token, expires_at } = await response.json();
  const ahead = Date.parse(response.headers.get("date") ?? "") - Date.now();
  expect(ahead).toBeGreaterThan(3 * 3_600_000 - 60_000);
  expect(expires_at * 1000 - Date.now()).toBeGreaterThan(3 * 3_600_000);
  const { tokens } = await control("GET", `/tokens?customer=${encodeURIComponent(`ext:${EXTERNAL_ID}`)}`);
  expect(tokens).toHaveLength(1);
  expect(token.split(".")).toHaveLength(3);
});

it("mints neither without a session nor for another Customer", async () => {
  expect(await problem(await mint({ headers: { cookie: "" } }))).toEqual([401, "not_signed_in"]);
  expect(await problem(await mint({ body: '{"customer":"cus_other"}' }))).toEqual([409, "session_changed"]);
});

const other = { id: "cus_other", spend_usd_mtd: 999, request_count_mtd: 7 };
it.each(["DEMO_ADA", "demo_ada ", "demo_ad", "demo_ad\u0061\u0301"])(
  "answers customer_unavailable and no figures when Ringside returns the row of %j",
  async (external_id) => {
    await answerLookUp({ ...other, external_id });
    expect(await problem(await mint())).toEqual([502, "customer_unavailable"]);
    const page = await dashboard();
    expect(page.init?.status).toBe(503);
    expect(page.data).toMatchObject({ ok: false, reason: "customer_unavailable" });
    expect(JSON.stringify(page.data)).not.toContain("999");
  },
);

it("loads the figures of the session's Customer", async () => {
  const page = await dashboard();
  expect(page.data).toMatchObject({ ok: true, customer: { spendUsd: 0, budgets: [{ limitUsd: 10 }] } });
});

it("passes on a mint's unknown fields without our key", async () => {
  const headers = { authorization: `Bearer ${KEY}` };
  await control("POST", "/faults", {
    customer: "*",
    fault: "wrong_shape",
    on: "mint",
    body: { token: "a.b.c", expires_at: 1_900_000_000, region: "eu", debug: { headers } },
  });
  const text = await (await mint()).text();
  expect(JSON.parse(text)).toEqual({
    token: "a.b.c",
    expires_at: 1_900_000_000,
    region: "eu",
    debug: { headers: {} },
  });
});
