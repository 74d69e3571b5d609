import { expect, expectPhase, figure, test } from "../fixtures.ts";

test("one click on a persona shows figures that move by themselves", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: /Ada Lovelace/ }).click();
  await page.waitForURL("**/dashboard");
  await expect(page.getByText("Ada Lovelace")).toBeVisible();
  await expectPhase(page, "live");
  const before = await figure(page, "spend").textContent();
  await expect(figure(page, "spend")).not.toHaveText(before ?? "", { timeout: 10_000 });
});
