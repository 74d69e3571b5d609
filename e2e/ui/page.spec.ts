/** Layout shift, reload, Back, and another language. */
import { expect, expectPhase, figure, hydrated, signIn, test } from "../fixtures.ts";

test("nothing shifts while scripts, chart and polls arrive", async ({ page, person, customer }) => {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
    }).observe({ type: "layout-shift", buffered: true });
  });
  await customer.seed({ history: "steady", budget_usd: 500, wallet_balance_usd: 12 });
  await signIn(page, person);
  await expectPhase(page, "live");
  await expect(page.locator(".recharts-line").first()).toBeVisible();
  await customer.spend(1.25);
  const before = await figure(page, "spend").textContent();
  await expect(figure(page, "spend")).not.toHaveText(before ?? "");
  const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
  expect(shifts.reduce((sum, shift) => sum + shift, 0)).toBeLessThan(0.02);
});

test("range and metric are in the address: they survive reload and Back", async ({ live }) => {
  await live.getByRole("link", { name: "7 days" }).click();
  await live.getByRole("link", { name: "Requests" }).click();
  const chosen = live.getByText(/requests in the last 7 days/);
  await expect(chosen).toBeVisible();
  await live.reload();
  await hydrated(live);
  await expect(chosen).toBeVisible();
  await live.goto("/no-such-page");
  await live.goBack();
  await expect(chosen).toBeVisible();
});
