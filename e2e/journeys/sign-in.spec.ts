/** Signing in and out. Tags name what the adapter must be able to do; `@each` runs through every one. */
import { expect, expectPhase, figure, newPerson, signIn, test } from "../fixtures.ts";
import { arm, enter, receivedBy, signOut } from "../people.ts";
import { stack } from "../stack.ts";

test("there and back: the figures are Ringside's, of this person's own Customer", {
  tag: ["@each", "@CB-1"],
}, async ({ page, person, customer }) => {
  await customer.seed({ history: "steady" });
  await signIn(page, person);
  await expect(page.getByText(person.name)).toBeVisible();
  await expectPhase(page, "live");
  const { customer: row } = await customer.ledger();
  await expect(figure(page, "requests")).toHaveText(row.request_count_mtd.toLocaleString("en-US"));
  expect(await customer.rows()).toHaveLength(1);
});

test("signing out signs out at the provider as well", { tag: ["@each", "@end_session", "@SES-6"] }, async ({
  page,
  person,
}) => {
  const logouts = async () =>
    (await receivedBy(person.adapterId)).filter(({ endpoint }) => endpoint === "logout").length;
  await signIn(page, person);
  const before = await logouts();
  await signOut(page);
  expect(await logouts()).toBeGreaterThan(before);
  // The provider asks again, so its own session has ended.
  await page.locator(`form[action="/auth/${person.adapterId}"]`).getByRole("button").click();
  await expect(page.locator(`button[value="${person.id}"]`)).toBeVisible();
});

test("a user without a name or an e-mail address can sign in", { tag: ["@people", "@ID-3"] }, async ({
  page,
  adapter,
}) => {
  const quiet = await newPerson(adapter, { name: null, email: null });
  await signIn(page, quiet);
  await expectPhase(page, "live");
});

test("a user who cancels at the provider reads our words, not the provider's", {
  tag: ["@provider", "@CB-6"],
}, async ({ page, person }) => {
  await arm(person, "error_text");
  await page.goto("/sign-in?returnTo=/dashboard%3Frange%3D7d");
  await enter(page, person);
  await page.waitForURL("**/sign-in?problem=access_denied");
  await expect(page.getByRole("alert")).toBeVisible();
  expect(await page.content()).not.toMatch(/locked|555|evil/);
});

test("sign-in returns to the requested page, and never to another site", {
  tag: ["@redirect", "@START-8"],
}, async ({ page, person }) => {
  await page.goto("/dashboard?range=7d");
  await page.waitForURL(/\/sign-in\?returnTo=/);
  await enter(page, person);
  await page.waitForURL("**/dashboard?range=7d");

  await signOut(page);
  await page.goto("/sign-in?returnTo=//evil.test/dashboard");
  await enter(page, person);
  await page.waitForURL(`${stack.origin}/dashboard`);
});

test("after signing out, Back shows no figures", { tag: ["@redirect", "@SES-2"] }, async ({ live: page }) => {
  await signOut(page);
  // Past the provider's own pages.
  do await page.goBack();
  while (!page.url().startsWith(stack.origin));
  await page.waitForURL("**/sign-in**");
  await expect(figure(page, "spend")).toHaveCount(0);
});

test("signing out in one tab stops the other at once", { tag: ["@redirect", "@TOK-11"] }, async ({
  live: page,
  context,
  customer,
}) => {
  const other = await context.newPage();
  await other.goto("/dashboard");
  await expectPhase(other, "live");
  await signOut(other);
  await expectPhase(page, "signed_out");
  const last = (await customer.received()).at(-1)?.seq ?? 0;
  await expect(page.getByRole("link", { name: /sign in/i })).toBeVisible();
  expect(await customer.received(last)).toEqual([]);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("signing in works, and figures and bars are in the HTML", { tag: "@redirect" }, async ({
    page,
    person,
    customer,
  }) => {
    await customer.seed({ history: "steady" });
    await page.goto("/sign-in");
    await enter(page, person);
    await page.waitForURL("**/dashboard");
    const { customer: row } = await customer.ledger();
    await expect(figure(page, "requests")).toHaveText(row.request_count_mtd.toLocaleString("en-US"));
    expect(await page.locator("noscript").first().textContent()).toContain("Live updates need JavaScript");
    await expect(page.locator("[data-bar]")).toHaveCount(30);
    const boxes = () =>
      page
        .locator("[data-bar] > div")
        .evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().toJSON()));
    const whole = await boxes();
    expect(whole.filter(({ height }) => height > 4).length).toBeGreaterThan(20);
    // A browser paints the bars that it has read so far; they must not move when the rest is there.
    await page.locator("[data-bar]").evaluateAll((bars) => bars.slice(10).map((bar) => bar.remove()));
    expect(await boxes()).toEqual(whole.slice(0, 10));
    await signOut(page);
  });
});
