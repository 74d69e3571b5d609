/** `?debug`: details for operators beside the page. */
import AxeBuilder from "@axe-core/playwright";
import { expectPhase, hydrated } from "../fixtures.ts";
import { expect, test } from "./live-page.ts";

test("the debug panel shows the engine's state, and stays when the chart's parameters change", async ({
  live: page,
  customer,
}) => {
  const panel = page.getByRole("region", { name: "Live updates in detail" });
  await expect(panel).toHaveCount(0);
  await page.goto("/dashboard?range=7d&debug");
  await hydrated(page);
  await expect(panel).toContainText(/State\s*live/);
  await expect(panel).toContainText(/Last mint\s*ok at \d\d:\d\d:\d\d UTC/);
  await expect(panel).toContainText(/polls \d+, mints 1,/);
  expect(
    (await new AxeBuilder({ page }).include("section[aria-labelledby=debug]").analyze()).violations,
  ).toEqual([]);

  await page.getByRole("link", { name: "90 days" }).click();
  await expect(page).toHaveURL(/\?.*range=90d/);
  await customer.fault({ fault: "unavailable" });
  await page.clock.fastForward(2_000);
  await expectPhase(page, "reconnecting");
  await expect(panel).toContainText(/Reason\s*ringside_unavailable/);
});
