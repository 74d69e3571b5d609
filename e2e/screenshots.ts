/** Makes docs/screenshots/*.png. Not a test: it holds nothing, so the test run leaves it out. */
import type { Page } from "@playwright/test";
import { expect, expectPhase, hydrated, test } from "./fixtures.ts";

const shot = (page: Page, name: string, fullPage = false) =>
  page.screenshot({ path: `docs/screenshots/${name}.png`, fullPage });

/** Signs in as one of the demo's people, and waits for the line chart, or for what stands in its place. */
async function enter(page: Page, persona: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: persona }).click();
  await page.waitForURL("**/dashboard");
  await hydrated(page);
  await expectPhase(page, "live");
  // The line is drawn when it is about to be seen, which on a phone is further down.
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await expect(
    page.locator(".recharts-line").or(page.getByText("FC-Customer:").first()).first(),
  ).toBeVisible();
  await page.evaluate(() => window.scrollTo(0, 0));
  await page.mouse.move(0, 0);
}

test.describe("desktop", () => {
  test("light", async ({ page }) => {
    await enter(page, "Ada Lovelace");
    await shot(page, "dashboard", true);
  });

  test("over budget", async ({ page }) => {
    await enter(page, "Alan Turing");
    await shot(page, "over-budget", true);
  });

  test("first visit", async ({ page }) => {
    await enter(page, "Nova");
    await shot(page, "first-visit");
  });

  test("sign-in", async ({ page }) => {
    await page.goto("/sign-in");
    await hydrated(page);
    await shot(page, "sign-in");
  });
});

test.describe("dark", () => {
  test.use({ colorScheme: "dark" });
  test("desktop", async ({ page }) => {
    await enter(page, "Ada Lovelace");
    await shot(page, "dashboard-dark", true);
  });
});

test.describe("phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  test("light", async ({ page }) => {
    await enter(page, "Grace Hopper");
    await shot(page, "phone");
  });
});
