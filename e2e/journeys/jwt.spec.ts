import { expect, expectPhase, figure, test } from "../fixtures.ts";

test("who has no proof yet gets one at the proxy, and gives it up there", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByRole("link", { name: /the mock proxy/ }).click();
  await page.getByRole("button", { name: /Ada Lovelace/ }).click();
  await page.waitForURL("**/dashboard");
  await expectPhase(page, "live");
  await expect(page.getByText("Ada Lovelace")).toBeVisible();

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("**/sign-in");
  await page.goto("/dashboard");
  await page.waitForURL("**/sign-in**");
  await expect(figure(page, "spend")).toHaveCount(0);
});
