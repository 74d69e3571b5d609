import { expect, expectPhase, figure, test } from "../fixtures.ts";

test("a user without a token signs in and out at the proxy", async ({ page }) => {
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
