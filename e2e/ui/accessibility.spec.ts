/** axe finds nothing on any screen, in any state, in either theme. Each test takes one page through several states, to be quick. */
import { expect, expectPhase, hydrated, signIn, test } from "../fixtures.ts";
import { expectAccessible } from "./axe.ts";

test("the pages of a user who is not signed in", async ({ page }) => {
  for (const path of ["/sign-in?problem=access_denied", "/no-such-page", "/embed"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessible(page);
  }
});

test("the dashboard of a new user: live, blocked, and the page shown while Ringside is down", async ({
  page,
  person,
  customer,
}) => {
  await signIn(page, person);
  await expect(page.getByText("FC-Customer:").first()).toBeVisible();
  await expectAccessible(page);
  await customer.fault({ fault: "forbidden", on: "customer" });
  await expectPhase(page, "blocked");
  await expectAccessible(page);
  await customer.fault({ fault: "unavailable", on: "lookup" });
  await page.reload();
  await expect(page.getByRole("heading", { name: "We can’t load your usage" })).toBeVisible();
  await expectAccessible(page);
});

test("the dashboard with huge figures: live, zoomed, reconnecting", async ({ page, person, customer }) => {
  const over = { label: "Research", period: "month", used: 1.2 };
  const near = { label: "Company cap", period: "month", used: 0.85 };
  const long = { label: "a_label_without_any_place_to_break_".repeat(3), used: 0.5 };
  await customer.seed({ history: "huge", budgets: [over, near, long], wallet_balance_usd: 3.5 });
  await signIn(page, person);
  await page.goto("/dashboard?debug");
  await hydrated(page);
  await page.getByText("Show as a table").click();
  await expect(page.locator(".recharts-line").first()).toBeVisible();
  await expectAccessible(page);
  // 1280 by 1024 CSS pixels at 400 %, as WCAG 1.4.10 has it: neither huge figures nor long labels need scrolling sideways.
  await page.setViewportSize({ width: 320, height: 256 });
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await page.setViewportSize({ width: 1280, height: 720 });
  await customer.fault({ fault: "unavailable", on: "customer" });
  await expectPhase(page, "reconnecting");
  await expectAccessible(page);
});

test("the dashboard with tiny figures: in a frame, without daily figures, signed out elsewhere", async ({
  page,
  person,
  customer,
}) => {
  await customer.seed({ history: "tiny", wallet_balance_usd: 0 });
  await signIn(page, person);
  await customer.fault({ fault: "server_error", on: "usage" });
  await page.goto("/embed");
  await expect(page.getByText("Daily figures are unavailable")).toBeVisible();
  await expectAccessible(page);
  await page.context().clearCookies();
  await customer.fault({ fault: "unauthorized_once", on: "customer" });
  await expectPhase(page, "signed_out");
  await expectAccessible(page);
});
