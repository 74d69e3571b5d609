/** Everything works by keyboard, and the focus is always visible. */
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { expect, hydrated, test } from "../fixtures.ts";

/** Presses a key until the target has the focus, which must be visible at every stop on the way. */
async function walkTo(page: Page, target: Locator, key = "Tab"): Promise<void> {
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press(key);
    const stop = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      const around = focused.parentElement && getComputedStyle(focused.parentElement);
      const ring = (style: string | undefined, width: string | undefined) =>
        style !== "none" && Number.parseFloat(width ?? "0") >= 1;
      return {
        name: focused.getAttribute("aria-label") ?? focused.textContent?.slice(0, 40),
        visible: ring(outlineStyle, outlineWidth) || ring(around?.outlineStyle, around?.outlineWidth),
      };
    });
    if (stop) expect(stop, "the focus").toMatchObject({ visible: true });
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${key} does not lead to ${target}`);
}

test("from sign-in to sign-out by keyboard", { tag: ["@redirect", "@people"] }, async ({
  page,
  person,
  customer,
}) => {
  await customer.seed({ history: "steady", budget_usd: 500 });
  await page.goto("/sign-in");
  await hydrated(page);
  await walkTo(page, page.locator(`form[action="/auth/${person.adapterId}"]`).getByRole("button"));
  await page.keyboard.press("Enter");
  await page.locator(`button[value="${person.id}"]`).press("Enter");
  await page.waitForURL("**/dashboard");
  await hydrated(page);
  await expect(page.locator(".recharts-line").first()).toBeVisible();

  const skip = page.getByRole("link", { name: "Skip to the figures" });
  await walkTo(page, skip);
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#figures$/);

  await walkTo(page, page.getByRole("link", { name: "7 days" }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/range=7d/);
  await expect(page.getByText("in the last 7 days")).toBeVisible();

  await walkTo(page, page.getByLabel("Chart. Use the left and right arrow keys"));
  await page.keyboard.press("ArrowRight");
  const bubble = page.locator(".recharts-tooltip-wrapper p").first();
  await expect(bubble).toBeVisible();
  const day = await bubble.textContent();
  await page.keyboard.press("ArrowRight");
  await expect(bubble).not.toHaveText(day ?? "");

  await walkTo(page, page.locator("summary", { hasText: "Show as a table" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("table")).toBeVisible();

  await walkTo(page, page.getByRole("button", { name: "Export CSV" }));
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  expect(download.suggestedFilename()).toMatch(/^usage-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.csv$/);
  const lines = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
  expect(lines).toHaveLength(1 + 7);

  await walkTo(page, page.getByRole("button", { name: "Sign out", exact: true }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page).not.toHaveURL(/dashboard/);
});
