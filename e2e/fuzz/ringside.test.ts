import fc from "fast-check";
import { beforeEach, expect, it, vi } from "vitest";
import type { DashboardPageProps } from "#app/components/dashboard-page.tsx";
import {
  answerOf,
  holdsSecret,
  logged,
  ORIGIN,
  pageOf,
  RINGSIDE_API_KEY,
  sessionCookie,
  wholeOf,
} from "./app.ts";
import { headerText, runs, text } from "./inputs.ts";

/** What another Customer's row, or a stack, would look like in an answer that went wrong. */
const INNARDS = "upstream-innards-canary";
const MINTS_PER_SESSION = 50;

const row = { id: "cus_1", spend_usd_mtd: 1.5, request_count_mtd: 3, budgets: [], name: "Ada" };
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.oneof(fc.double(), fc.integer()).map(String),
  fc.constantFrom("1e999", "-1e999", 1e308, -1e308, "5e-324"),
  text,
  fc.constant(null),
);
/** Two digits each, so that most are of no calendar. */
const strangeDay = fc
  .tuple(fc.constantFrom("0000", "2026"), fc.nat(19), fc.nat(39))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join("-"));
/** One that the page counts with. */
const recentDay = fc.nat(40).map((ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10));
const body = fc.oneof(
  text,
  fc.json(),
  fc.constantFrom(
    "",
    "null",
    "[]",
    "{",
    `{"error":{"code":"${INNARDS}","message":"${INNARDS}"}}`,
    `<h1>${INNARDS}</h1>`,
  ),
  fc.json().map((value) => `{"id":"cus_1","spend_usd_mtd":1,"request_count_mtd":1,"budgets":${value}}`),
  fc
    .record({ id: fc.anything(), spend_usd_mtd: number, request_count_mtd: number })
    .map((value) => JSON.stringify({ ...row, ...value })),
  fc.record({ token: fc.anything(), expires_at: number }).map((value) => JSON.stringify(value)),
  fc
    .array(fc.record({ date: fc.oneof(text, strangeDay), spend_usd: number, request_count: number }))
    .map((data) => JSON.stringify({ data })),
);
const headers = fc.dictionary(
  fc.constantFrom("retry-after", "date", "set-cookie", "content-type", "location"),
  headerText,
);
/** A mint that can be used, and before it a Customer, for both get the same answer: chance alone makes hardly any. */
const minted = fc.record({
  outcome: fc.constant("answer" as const),
  status: fc.constantFrom(200, 201),
  headers,
  body: fc
    .record({ token: fc.string({ minLength: 1 }), expires_at: fc.integer(), more: fc.json() })
    .map((value) => JSON.stringify({ ...row, ...value })),
});
const figure = fc.oneof(fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true }), number);
const daysOf = (date: fc.Arbitrary<string>) =>
  fc.array(fc.record({ date, spend_usd: figure, request_count: fc.nat() }), { maxLength: 6 });
/** A Customer and its days at once, for both get the same answer: their figures meet on the page alone. */
const figures = fc.record({
  outcome: fc.constant("answer" as const),
  status: fc.constant(200),
  headers,
  body: fc
    .record({ amount: figure, data: fc.oneof(daysOf(recentDay), daysOf(fc.oneof(recentDay, strangeDay))) })
    .map(({ amount, data }) =>
      JSON.stringify({ ...row, budgets: null, spend_usd_mtd: amount, budget_usd: amount, data }),
    ),
});
const anything = fc.record({
  outcome: fc.constantFrom("answer", "answer", "answer", "answer", "broken connection", "time-out"),
  status: fc.oneof(
    fc.constantFrom(200, 201, 301, 400, 401, 403, 404, 409, 418, 429, 500, 503),
    fc.integer({ min: 200, max: 599 }),
  ),
  headers,
  body,
});
const input = fc.oneof(
  { arbitrary: anything, weight: 8 },
  { arbitrary: minted, weight: 1 },
  { arbitrary: figures, weight: 1 },
);
type Upstream = typeof input extends fc.Arbitrary<infer T> ? T : never;

const person = { cookie: "", mints: 0 };
beforeEach(() => {
  person.mints = MINTS_PER_SESSION;
});

async function request(path: string, init: RequestInit = {}): Promise<Request> {
  if (person.mints++ >= MINTS_PER_SESSION) {
    person.cookie = await sessionCookie(`person-${Math.random()}`);
    person.mints = 1;
  }
  const headers = { origin: ORIGIN, "sec-fetch-site": "same-origin", cookie: person.cookie };
  return new Request(ORIGIN + path, { ...init, headers });
}

function stub({ outcome, status, headers, body }: Upstream): void {
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    expect(new Headers(init.headers).get("authorization")).toBe(`Bearer ${RINGSIDE_API_KEY}`);
    // As undici says it: with the request in the text, which must go nowhere.
    if (outcome === "broken connection") throw new TypeError(`fetch failed: ${RINGSIDE_API_KEY}`);
    if (outcome === "time-out") throw new DOMException("The operation timed out.", "TimeoutError");
    return new Response([204, 205, 304].includes(status) ? null : body, { status, headers });
  });
}

it("whatever Ringside answers to a mint passes through whole, or becomes a problem of our own words", async () => {
  let passed = 0;
  await fc.assert(
    fc.asyncProperty(input, async (upstream) => {
      stub(upstream);
      const answer = await answerOf("mint", await request("/api/mint-client-token", { method: "POST" }));
      expect([200, 429, 502]).toContain(answer.status);
      const whole = await wholeOf(answer);
      expect(holdsSecret(whole)).toBe(false);
      expect(answer.headers.getSetCookie()).toEqual([]);
      if (answer.status === 200) {
        passed += 1;
        expect(await answer.json()).toEqual(JSON.parse(upstream.body));
        return;
      }
      expect(whole).not.toContain(INNARDS);
      const { code } = (await answer.json()) as { code: string };
      expect(code).toMatch(
        /^(rate_limited|ringside_unavailable|ringside_rejected_key|customer_unavailable)$/,
      );
    }),
    runs(0.05),
  );
  expect(passed).toBeGreaterThan(0);
  expect(logged.leaks).toEqual([]);
});

it("whatever Ringside answers to the dashboard becomes figures, or a page that says why there are none", async () => {
  let drawn = 0;
  await fc.assert(
    fc.asyncProperty(input, async (upstream) => {
      stub(upstream);
      const { data, init } = (await answerOf("dashboard", await request("/dashboard"))) as unknown as {
        data: DashboardPageProps & { ok: boolean };
        init: ResponseInit | null;
      };
      expect(init?.status ?? 200).toBe(data.ok ? 200 : 503);
      const seen = JSON.stringify(data);
      expect(holdsSecret(seen)).toBe(false);
      if (!data.ok) expect(seen).not.toContain(INNARDS);
      else {
        drawn += 1;
        // The loader's answer is half of it: figures that no page can be made of throw here, as in the browser.
        expect(pageOf(data)).not.toMatch(/\$(NaN|∞)|(NaN|∞)%/);
      }
    }),
    runs(0.05),
  );
  expect(drawn).toBeGreaterThan(0);
  expect(logged.leaks).toEqual([]);
});
