import { auth0Control, githubControl } from "../control/identity.ts";
import { customerControl } from "../control/ringside.ts";
import { expect, expectPhase, figure, newPerson, signIn, test } from "../fixtures.ts";
import { stack } from "../stack.ts";

test("demo: one click on a persona shows figures that move by themselves", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: /Ada Lovelace/ }).click();
  await page.waitForURL("**/dashboard");
  await expect(page.getByText("Ada Lovelace")).toBeVisible();
  await expectPhase(page, "live");
  const before = await figure(page, "spend").textContent();
  await expect(figure(page, "spend")).not.toHaveText(before ?? "", { timeout: 10_000 });
});

test("github: there and back, the figures are Ringside's", async ({ page, person, customer }) => {
  await customer.seed({ history: "steady" });
  await signIn(page, person);
  await expect(page.getByText(person.name)).toBeVisible();
  const { customer: row } = await customer.ledger();
  await expect(figure(page, "requests")).toHaveText(row.request_count_mtd.toLocaleString("en-US"));
});

test("github: somebody without a name or a public e-mail can sign in", async ({ page }) => {
  const quiet = await newPerson({ name: null });
  await signIn(page, quiet);
  await expectPhase(page, "live");
});

test("auth0: there and back, and signing out signs out at Auth0 as well", async ({ page, person }) => {
  const subject = `auth0|${person.subject}`;
  await auth0Control.persona({ id: person.id, subject, name: "Grace Hopper" });
  const enter = async () => {
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "Auth0" }).click();
  };
  await enter();
  await page.locator(`button[value="${person.id}"]`).click();
  await page.waitForURL("**/dashboard");
  expect(await customerControl(`auth0_${subject}`).rows()).toHaveLength(1);

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");
  // Auth0 would let its own session straight back in; it asks, so that session has ended.
  await enter();
  await expect(page.locator(`button[value="${person.id}"]`)).toBeVisible();
});

test("a subject full of URL syntax travels safely and keeps its own Customer", async ({ page, person }) => {
  const subject = `auth0|a/b?c#d%2F..${person.subject}`;
  await auth0Control.persona({ id: person.id, subject, name: "Odd Subject" });
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Auth0" }).click();
  await page.locator(`button[value="${person.id}"]`).click();
  await expectPhase(page, "live");
  const [row] = await customerControl(`auth0_${subject}`).rows();
  expect(row?.external_id).toBe(`auth0_${subject}`);
});

test("who says no at the provider reads our words, not the provider's", async ({ page, person }) => {
  await githubControl.fault({ persona: person.id, fault: "error_text" });
  await page.goto("/sign-in?returnTo=/dashboard%3Frange%3D7d");
  await page.getByRole("button", { name: "GitHub" }).click();
  await page.locator(`button[value="${person.id}"]`).click();
  await page.waitForURL("**/sign-in?problem=access_denied");
  await expect(page.getByRole("alert")).toBeVisible();
});

test("the way back is the page asked for; another site is not", async ({ page, person }) => {
  await page.goto("/dashboard?range=7d");
  await page.waitForURL(/\/sign-in\?returnTo=/);
  await page.getByRole("button", { name: "GitHub" }).click();
  await page.locator(`button[value="${person.id}"]`).click();
  await page.waitForURL("**/dashboard?range=7d");

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");
  await page.goto("/sign-in?returnTo=//evil.test/dashboard");
  await page.getByRole("button", { name: "GitHub" }).click();
  await page.locator(`button[value="${person.id}"]`).click();
  await page.waitForURL(`${stack.origin}/dashboard`);
});

test("after signing out, Back shows no figures", async ({ live: page }) => {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");
  await page.goBack();
  await page.waitForURL("**/sign-in**");
  await expect(figure(page, "spend")).toHaveCount(0);
});

test("signing out in one tab stops the other at once", async ({ live: page, context, customer }) => {
  const other = await context.newPage();
  await other.goto("/dashboard");
  await expectPhase(other, "live");
  await other.getByRole("button", { name: "Sign out" }).click();
  await other.waitForURL("**/sign-in");
  await expectPhase(page, "signed_out");
  const last = (await customer.received()).at(-1)?.seq ?? 0;
  await expect(page.getByRole("link", { name: /sign in/i })).toBeVisible();
  expect(await customer.received(last)).toEqual([]);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("signing in works, and figures and bars are in the HTML", async ({ page, person, customer }) => {
    await customer.seed({ history: "steady" });
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "GitHub" }).click();
    await page.locator(`button[value="${person.id}"]`).click();
    await page.waitForURL("**/dashboard");
    const { customer: row } = await customer.ledger();
    await expect(figure(page, "requests")).toHaveText(row.request_count_mtd.toLocaleString("en-US"));
    await expect(page.locator("[data-bar]").first()).toBeVisible();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL("**/sign-in");
  });
});
