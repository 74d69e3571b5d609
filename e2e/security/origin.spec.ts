/** Origin rejection: what a stolen token, another site or another person's page can do. Nothing. */
import type { Page } from "@playwright/test";
import { isMint } from "../control/ringside.ts";
import { expect, newPerson, signIn, test } from "../fixtures.ts";
import { signOut } from "../people.ts";
import { stack } from "../stack.ts";

/** The token a thief would hold: read off the wire of the signed-in page, from its next poll. */
async function stolenToken(page: Page): Promise<string> {
  const poll = await page.waitForRequest(
    (request) => request.method() === "GET" && request.url().includes("/v1/customers/"),
  );
  const [scheme, token] = ((await poll.allHeaders())["authorization"] ?? "").split(" ");
  expect(scheme).toBe("Client");
  expect(token).toBeTruthy();
  return token ?? "";
}

/** A fetch from whatever page is open, and what its script can see of the answer. */
const fetchFrom = (page: Page, url: string, authorization: string) =>
  page.evaluate(
    async ([url, authorization]) => {
      const response = await fetch(url ?? "", { headers: { authorization: authorization ?? "" } });
      return { status: response.status, body: await response.json() };
    },
    [url, authorization],
  );

test("a stolen token is refused by Ringside on a page of another origin, whose script can read why", {
  tag: "@XO-4",
}, async ({ live: page, context, customer }) => {
  const token = await stolenToken(page);
  const { customer: row } = await customer.ledger();
  const url = `${stack.ringsideUrl}/v1/customers/${row.id}`;
  const evil = await context.newPage();
  await evil.goto(stack.elsewhere);
  expect(await fetchFrom(evil, url, `Client ${token}`)).toMatchObject({
    status: 403,
    body: { error: { code: "origin_not_allowed" } },
  });
  // Without any Origin, as from a script on a server.
  expect((await page.request.get(url, { headers: { authorization: `Client ${token}` } })).status()).toBe(403);
});

test("a token reads its own Customer's row and daily usage, and nothing else", { tag: "@XO-4" }, async ({
  live: page,
  customer,
  adapter,
}) => {
  const token = await stolenToken(page);
  const { customer: row } = await customer.ledger();
  const other = await newPerson(adapter);
  const get = (path: string, scheme = "Client") =>
    page.request.get(`${stack.ringsideUrl}/v1${path}`, {
      headers: { authorization: `${scheme} ${token}`, origin: stack.origin },
    });
  expect((await get(`/customers/${row.id}`)).status()).toBe(200);
  expect((await get("/usage?group_by=day&since=2026-01-01")).status()).toBe(200);
  expect((await get(`/customers/${row.id}/wallet`)).status()).toBe(403);
  expect((await get("/customers?external_id=x")).status()).toBe(403);
  expect([403, 404]).toContain((await get("/customers/cus_somebody_else")).status());
  expect([403, 404]).toContain(
    (await get(`/customers/ext:${encodeURIComponent(other.externalId)}`)).status(),
  );
  expect((await get(`/customers/${row.id}`, "Bearer")).status()).toBe(401);
});

test("tokens are minted for this origin and these two endpoints alone", { tag: "@MINT-4" }, async ({
  live: page,
  customer,
}) => {
  await expect(page.getByRole("status")).toBeVisible();
  const { customer: row } = await customer.ledger();
  for (const token of await customer.tokens()) {
    expect(token.origin).toBe(stack.origin);
    expect(token.allowed_endpoints).toEqual([`/v1/customers/${row.id}`, "/v1/usage"]);
  }
});

test("a mint asked for by another origin is refused by us, even with the victim's cookies", async ({
  live: page,
  context,
  customer,
}) => {
  const since = (await customer.received()).at(-1)?.seq ?? 0;
  const mints = async () => (await customer.received(since)).filter(isMint);
  const mintUrl = `${stack.origin}/api/mint-client-token`;

  const evil = await context.newPage();
  await evil.goto(stack.elsewhere);
  const seen = await evil.evaluate(
    (url) =>
      fetch(url, { method: "POST", credentials: "include" }).then(
        () => "readable",
        () => "blocked",
      ),
    mintUrl,
  );
  expect(seen).toBe("blocked");
  // Sent all the same, as a form would send it; what comes back stays hidden from that page.
  await evil.evaluate(
    (url) => fetch(url, { method: "POST", credentials: "include", mode: "no-cors" }).catch(() => null),
    mintUrl,
  );

  for (const headers of [
    { origin: "https://evil.test" },
    { origin: "null" },
    { origin: stack.origin, "sec-fetch-site": "cross-site" },
    { origin: stack.origin, "sec-fetch-site": "same-site" },
    { origin: stack.origin.replace("http:", "https:") },
    {},
  ] as Record<string, string>[]) {
    const answer = await page.request.post(mintUrl, { headers, data: {} });
    expect(answer.status(), JSON.stringify(headers)).toBe(403);
    expect(await answer.json()).toMatchObject({ status: 403, code: "bad_origin" });
    expect(Object.keys(answer.headers()).filter((name) => name.startsWith("access-control"))).toEqual([]);
  }
  expect(await mints()).toEqual([]);
});

test("another person in another tab: the first page never shows the second one's figures", {
  tag: ["@redirect", "@TOK-12"],
}, async ({ live: page, context, customer, adapter }) => {
  const other = await newPerson(adapter);
  const { customer: mine } = await customer.ledger();
  const second = await context.newPage();
  await second.goto("/dashboard");
  await signOut(second);
  await signIn(second, other);
  await expect(page.locator("[data-phase]")).toHaveAttribute("data-phase", "signed_out");
  const refused = await page.request.post("/api/mint-client-token", {
    headers: { origin: stack.origin },
    data: { customer: mine.id },
  });
  expect(refused.status()).toBe(409);
  expect(await refused.json()).toMatchObject({ code: "session_changed" });
});
