/** axe finds nothing on any screen, in any state, in either theme. */
import { expect, expectPhase, hydrated, signIn, test } from "../fixtures.ts";
import { expectAccessible } from "./axe.ts";

test("the pages of somebody who is not signed in", async ({ page }) => {
  for (const path of ["/sign-in", "/sign-in?problem=access_denied", "/no-such-page"]) {
    await page.goto(path, { waitUntil: "networkidle" });
    await expectAccessible(page);
  }
});

test("the dashboard of somebody new", async ({ page, person }) => {
  await signIn(page, person);
  await expect(page.getByText("FC-Customer:").first()).toBeVisible();
  await expectAccessible(page);
});

const over = { label: "Research", period: "month", used: 1.2 };
const near = { label: "Company cap", period: "month", used: 0.85 };
for (const seed of [
  { history: "huge", budgets: [over, near], wallet_balance_usd: 3.5 },
  { history: "tiny", wallet_balance_usd: 0 },
])
  test(`the dashboard with ${seed.history} figures`, async ({ page, person, customer }) => {
    await customer.seed(seed);
    await signIn(page, person);
    await page.goto("/dashboard?debug");
    await hydrated(page);
    await expect(page.locator(".recharts-line").first()).toBeVisible();
    await page.getByText("Show as a table").click();
    await expectAccessible(page);
  });

test("the dashboard without daily figures", async ({ live, customer }) => {
  await customer.fault({ fault: "server_error", on: "usage" });
  await live.reload();
  await expect(live.getByText("The daily figures are unavailable")).toBeVisible();
  await expectAccessible(live);
});

for (const [phase, fault] of [
  ["reconnecting", "unavailable"],
  ["blocked", "forbidden"],
] as const)
  test(`the dashboard while it is ${phase}`, async ({ live, customer }) => {
    await customer.fault({ fault, on: "customer" });
    await expectPhase(live, phase);
    await expectAccessible(live);
  });

test("the dashboard of somebody who was signed out elsewhere", async ({ live, customer }) => {
  await live.context().clearCookies();
  await customer.fault({ fault: "unauthorized_once", on: "customer" });
  await expectPhase(live, "signed_out");
  await expectAccessible(live);
});

test("the page that stands in while Ringside is away", async ({ live, customer }) => {
  await customer.fault({ fault: "unavailable", on: "lookup" });
  await live.reload();
  await expect(live.getByRole("heading", { name: "cannot be loaded" })).toBeVisible();
  await expectAccessible(live);
});
