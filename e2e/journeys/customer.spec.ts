import { randomInt } from "node:crypto";
import { customerControl, isMint, isPoll } from "../control/ringside.ts";
import { expect, expectPhase, figure, newPerson, phaseOf, signIn, test } from "../fixtures.ts";
import { change, enter } from "../people.ts";
import { placeOf } from "../stack.ts";

test("two first visits at the same moment create one Customer", async ({
  browser,
  page,
  person,
  customer,
}) => {
  await signIn(page, person);
  await customer.remove();
  const [cookie] = (await page.context().cookies()).filter(({ name }) => name.endsWith("session"));
  // The second device holds the same session; both ask in the same instant for a Customer that is not there.
  const second = await browser.newContext();
  if (cookie) await second.addCookies([cookie]);
  const answers = await Promise.all([
    page.request.get("/dashboard"),
    second.request.get("/dashboard"),
    page.request.get("/dashboard"),
    second.request.get("/dashboard"),
  ]);
  expect(answers.map((answer) => answer.status())).toEqual([200, 200, 200, 200]);
  expect(await customer.rows()).toHaveLength(1);
  await second.close();
});

test("a known person costs one look-up and no creation", async ({ live: page, customer }) => {
  const since = (await customer.received()).at(-1)?.seq ?? 0;
  await page.request.get("/dashboard");
  const bearer = (await customer.received(since)).filter(({ authorization }) => authorization === "bearer");
  expect(bearer.filter(({ method }) => method === "POST")).toEqual([]);
  expect(bearer.filter(({ path }) => /\/customers\/ext:[^/]+$/.test(path))).toHaveLength(1);
});

test("a changed name and login keep the external_id", { tag: ["@people", "@ID-1"] }, async ({
  page,
  person,
  customer,
}) => {
  await signIn(page, person);
  const [before] = await customer.rows();
  await page.context().clearCookies();
  await change(person, { login: "renamed", name: "Renamed Person", email: "new@example.com" });
  await signIn(page, person);
  await expect(page.getByText("Renamed Person")).toBeVisible();
  const after = await customer.rows();
  expect(after.map(({ id }) => id)).toEqual([before?.id]);
});

test("two people with one name and login never share a Customer", { tag: ["@people", "@ID-2"] }, async ({
  browser,
  page,
  person,
}) => {
  await change(person, { login: "twin" });
  const other = await newPerson(person.adapterId, { name: person.name, login: "twin" });
  await signIn(page, person);
  const context = await browser.newContext();
  await signIn(await context.newPage(), other);
  const [mine] = await customerControl(person.externalId).rows();
  const [theirs] = await customerControl(other.externalId).rows();
  expect(mine?.id).toBeTruthy();
  expect(theirs?.id).not.toBe(mine?.id);
  await context.close();
});

test("the figures are in the raw HTML, before any script", async ({ live: page, customer }) => {
  const { customer: row } = await customer.ledger();
  const html = await (await page.request.get("/dashboard")).text();
  const dollars = row.spend_usd_mtd.toLocaleString("en-US", { style: "currency", currency: "USD" });
  expect(html.replace(/<script[\s\S]*?<\/script>/g, "")).toContain(dollars);
});

test("new spend appears without a reload", async ({ live: page, customer }) => {
  await customer.spend(1234.5, 10);
  const { customer: row } = await customer.ledger();
  await expect(figure(page, "requests")).toHaveText(row.request_count_mtd.toLocaleString("en-US"));
});

test("many polls need one preflight", { tag: ["@XO-1", "@XO-2"] }, async ({ live: page, customer }) => {
  const { customer: row } = await customer.ledger();
  const polls = async () => (await customer.received()).filter(isPoll);
  await expect.poll(async () => (await polls()).length).toBeGreaterThan(3);
  const preflights = (await customer.received()).filter(
    ({ method, path }) => method === "OPTIONS" && path.endsWith(row.id),
  );
  expect(preflights).toHaveLength(1);
  expect((await polls()).every(({ cookie }) => !cookie)).toBe(true);
  await expectPhase(page, "live");
});

test("a Customer deleted upstream is created again, and the page continues with the new one", async ({
  live: page,
  customer,
}) => {
  const [before] = await customer.rows();
  await customer.remove();
  await expect.poll(async () => (await customer.rows())[0]?.id).not.toBe(undefined);
  const [after] = await customer.rows();
  expect(after?.id).not.toBe(before?.id);
  await expectPhase(page, "live");
  await expect(figure(page, "requests")).toHaveText("0");
  const mints = (await customer.received()).filter(isMint);
  expect(mints.filter(({ status }) => status === 404).length).toBeLessThanOrEqual(1);
});

test("Ringside down at load: the page says so, and recovers by itself", { tag: "@redirect" }, async ({
  page,
  person,
  customer,
}) => {
  await customer.seed({ history: "steady" });
  await customer.fault({ fault: "unavailable", on: "lookup" });
  await page.goto("/sign-in");
  await enter(page, person);
  await expect(page.getByText("The usage service isn’t responding.")).toBeVisible();
  expect((await page.request.get("/dashboard")).status()).toBe(503);
  await customer.clearFaults();
  // The page asks again after 5 s, and then after 10 more.
  await expect(phaseOf(page)).toHaveAttribute("data-phase", "live", { timeout: 25_000 });
});

test("a Ringside that confuses two external_ids shows neither user the other's figures", {
  tag: ["@people", "@ID-2"],
}, async ({ adapter, browser, page }) => {
  const { mock } = placeOf(adapter);
  // Alike but for the last digit, which this Ringside cuts off.
  const unique = 10 * randomInt(1_000_000, 2 ** 36);
  const first = await newPerson(adapter, { subject: mock.subject(unique + 1) });
  const second = await newPerson(adapter, { subject: mock.subject(unique + 2) });
  await signIn(page, first);
  await expectPhase(page, "live");
  const [row] = await customerControl(first.externalId).rows();

  const confused = customerControl(second.externalId);
  await confused.fault({ fault: "truncate" });
  const context = await browser.newContext();
  const other = await context.newPage();
  await signIn(other, second);
  await expect(other.getByRole("heading", { level: 1 })).toContainText("can’t load your usage");
  await expect(figure(other, "spend")).toHaveCount(0);
  expect(await other.content()).not.toContain(row?.id ?? "no row");
  expect((await confused.received()).filter(isMint)).toEqual([]);
  await context.close();
});
