/** High-contrast themes of the system: backgrounds and shadows are gone, so edges must tell. */
import { expect, test } from "../fixtures.ts";

for (const colorScheme of ["light", "dark"] as const) {
  test(`forced colours, ${colorScheme}: the choices, the grid and the tooltip have edges`, async ({
    live,
  }) => {
    await live.emulateMedia({ colorScheme, forcedColors: "active" });
    const canvas = await live.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const outlines = (selector: string) =>
      live.locator(selector).evaluateAll((all) => all.map((each) => getComputedStyle(each).outlineStyle));
    expect(await outlines("nav a[aria-current]")).toEqual(["solid", "solid"]);
    expect(new Set(await outlines("nav a:not([aria-current])"))).toEqual(new Set(["none"]));

    const chart = live.locator("section", { has: live.locator("#chart") });
    await expect(chart.locator(".recharts-line").first()).toBeVisible();
    const grid = await chart
      .locator(".border-t.inset-x-0")
      .evaluateAll((all) => all.map((each) => getComputedStyle(each).borderTopColor));
    expect(grid.length).toBeGreaterThan(2);
    for (const color of grid) expect([canvas, "rgba(0, 0, 0, 0)"]).not.toContain(color);

    await chart.locator(".recharts-surface").first().focus();
    await live.keyboard.press("ArrowRight");
    const bubble = chart.locator(".recharts-tooltip-wrapper .shadow-float");
    await expect(bubble).toBeVisible();
    const edge = await bubble.evaluate((each) => {
      const { outlineStyle, outlineColor } = getComputedStyle(each);
      return { outlineStyle, outlineColor };
    });
    expect(edge.outlineStyle).toBe("solid");
    expect([canvas, "rgba(0, 0, 0, 0)"]).not.toContain(edge.outlineColor);
    await live.screenshot({ path: test.info().outputPath("page.png"), fullPage: true });
  });
}
