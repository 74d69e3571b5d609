import { readFile } from "node:fs/promises";
import type { Page, Response } from "@playwright/test";
import { isMint } from "../control/ringside.ts";
import { expect, expectPhase, newPerson, signIn, test } from "../fixtures.ts";
import { signOut } from "../people.ts";
import { stack } from "../stack.ts";

const MINT = "/api/mint-client-token";
const own = { origin: stack.origin };

test("signed out, the mint answers 401 JSON and no redirect", async ({ request }) => {
  const answer = await request.post(MINT, { headers: own, data: {}, maxRedirects: 0 });
  expect(answer.status()).toBe(401);
  expect(answer.headers()["content-type"]).toContain("application/problem+json");
  expect(answer.headers()["cache-control"]).toBe("no-store");
  expect(await answer.json()).toMatchObject({ status: 401, code: "not_signed_in" });
});

test("the mint takes POST only", async ({ live: page }) => {
  for (const method of ["GET", "PUT", "DELETE"]) {
    const answer = await page.request.fetch(MINT, { method, headers: own });
    expect(answer.status(), method).toBe(405);
    expect(answer.headers()["allow"]).toBe("POST");
  }
});

test("the body cannot choose whose token it is", { tag: "@MINT-4" }, async ({
  live: page,
  customer,
  adapter,
}) => {
  const other = await newPerson(adapter);
  const { customer: row } = await customer.ledger();
  const since = (await customer.received()).at(-1)?.seq ?? 0;
  for (const data of [
    {
      external_id: other.externalId,
      origin: "https://evil.test",
      allowed_endpoints: ["/v1/customers"],
      ttl_seconds: 3600,
    },
    { customer: row.id, origin: "https://evil.test" },
  ])
    expect((await page.request.post(MINT, { headers: own, data })).status()).toBe(200);
  expect((await page.request.post(MINT, { headers: own, data: { customer: "cus_other" } })).status()).toBe(
    409,
  );
  for (const { body } of (await customer.received(since)).filter(isMint))
    expect(body).toEqual({
      customer: row.id,
      origin: stack.origin,
      allowed_endpoints: [`/v1/customers/${row.id}`, "/v1/usage"],
      ttl_seconds: 300,
    });
});

test("Ringside's answer comes straight through, never cached", async ({ live: page }) => {
  const answer = await page.request.post(MINT, { headers: own, data: {} });
  expect(answer.headers()["cache-control"]).toBe("no-store");
  expect(await answer.json()).toMatchObject({ token: expect.any(String), expires_at: expect.any(Number) });
});

test("each of Ringside's failures at the mint is a problem of our own, and nothing of it leaks", {
  tag: "@MINT-5",
}, async ({ live: page, customer }) => {
  for (const [fault, status, code] of [
    ["server_error", 502, "ringside_unavailable"],
    ["malformed", 502, "ringside_unavailable"],
    ["drop", 502, "ringside_unavailable"],
    ["rate_limited", 429, "rate_limited"],
  ] as const) {
    await customer.fault({ fault, on: "mint", retry_after: 9 });
    const answer = await page.request.post(MINT, { headers: own, data: {} });
    expect(answer.status(), fault).toBe(status);
    expect(Object.keys(await answer.json()).sort()).toEqual(["code", "status", "title", "type"]);
    expect(await answer.json()).toMatchObject({ status, code });
    if (status === 429) expect(answer.headers()["retry-after"]).toBe("9");
    await customer.clearFaults();
  }
});

test("a session cookie is host-only, hidden from scripts, and worthless when changed", {
  tag: ["@redirect", "@SES-5"],
}, async ({ live: page }) => {
  const cookies = await page.context().cookies();
  const session = cookies.find(({ name }) => name === "__Host-session");
  expect(session).toMatchObject({
    httpOnly: true,
    secure: true,
    sameSite: "Lax",
    path: "/",
    domain: "localhost",
  });
  expect(cookies.filter(({ name }) => name.startsWith("__Host-flow"))).toEqual([]);
  const tampered = `${session?.value.slice(0, -4)}AAAA`;
  const answer = await page.request.post(MINT, {
    headers: { ...own, cookie: `__Host-session=${tampered}` },
    data: {},
  });
  expect(answer.status()).toBe(401);
});

test("a copy of the session cookie dies at sign-out, and sign-in never continues an old session", {
  tag: ["@redirect", "@SES-1", "@SES-2"],
}, async ({ live: page, browser, person }) => {
  const sessionOf = async (of: Page) =>
    (await of.context().cookies()).find(({ name }) => name === "__Host-session");
  const before = await sessionOf(page);
  await signOut(page);
  const thief = await browser.newContext();
  if (before) await thief.addCookies([before]);
  expect((await thief.request.post(`${stack.origin}${MINT}`, { headers: own, data: {} })).status()).toBe(401);
  await thief.close();
  await signIn(page, person);
  expect((await sessionOf(page))?.value).not.toBe(before?.value);
});

test("a forged or replayed callback signs no user in", { tag: ["@redirect", "@CB-5"] }, async ({
  browser,
  page,
  person,
}) => {
  const callbackPath = `/auth/${person.adapterId}/callback`;
  let callback = "";
  page.on("request", (request) => {
    if (request.url().startsWith(stack.origin + callbackPath)) callback = request.url();
  });
  await signIn(page, person);
  expect(callback).toContain("code=");
  const stranger = await browser.newContext();
  for (const url of [
    callback,
    `${stack.origin}${callbackPath}?code=x&state=y`,
    callback.replace(/state=[^&]+/, ""),
  ]) {
    const answer = await stranger.request.get(url, { maxRedirects: 0 });
    expect(answer.status()).toBe(302);
    expect(answer.headers()["location"]).toContain("/sign-in?problem=invalid_state");
    expect(answer.headers()["set-cookie"] ?? "").not.toContain("session=e");
  }
  await stranger.close();
});

test("no secret is in any response, page, script, storage or log", { tag: "@TOK-1" }, async ({
  page,
  person,
  customer,
}) => {
  const headers: string[] = [];
  const addresses = new Set<string>();
  const collect = (response: Response) => {
    headers.push(JSON.stringify([response.url(), response.headers()]));
    if (response.url().startsWith(stack.origin) && response.status() === 200) addresses.add(response.url());
  };
  page.on("response", collect);
  await customer.seed({ history: "steady" });
  await signIn(page, person);
  await expectPhase(page, "live");
  await customer.fault({ fault: "server_error", on: "mint" });
  await page.request.post(MINT, { headers: own, data: {} });
  page.off("response", collect);
  // Asked for once more: a page that was left has taken the bodies of its answers along.
  const bodies = await Promise.all([...addresses].map(async (url) => (await page.request.get(url)).text()));

  const storage = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  );
  const html = await page.content();
  const log = await readFile(stack.appLog, "utf8");
  const everything = [...headers, ...bodies, storage, html].join("\n");
  expect(log.length + everything.length).toBeGreaterThan(100_000);
  for (const secret of stack.secrets) {
    expect(everything.includes(secret), "sent to the browser").toBe(false);
    expect(log.includes(secret), "logged").toBe(false);
  }
  // Client Tokens are JWTs: one may be in a mint's answer, but never in the page, its storage or the log.
  for (const place of [storage, html, log]) expect(place).not.toMatch(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/);
  expect(log).not.toMatch(/code=|state=/);
});
