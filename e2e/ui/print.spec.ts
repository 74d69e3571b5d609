/** The dashboard on paper: A4 and Letter, in either theme. */
import { expect, test } from "../fixtures.ts";

/** The width between margins of 10 mm, in CSS pixels. */
const papers = { A4: 718, Letter: 740 };

for (const colorScheme of ["light", "dark"] as const)
  for (const [paper, width] of Object.entries(papers)) {
    test(`${paper}, ${colorScheme}: dark on white, every day inside its card, no controls`, async ({
      live,
    }) => {
      await live.getByText("Show as a table").click();
      await expect(live.locator(".recharts-line").first()).toBeVisible();
      await live.emulateMedia({ media: "print", colorScheme });
      await live.setViewportSize({ width, height: 1000 });

      await expect(live.locator(".recharts-surface").first()).not.toBeVisible();
      const card = await live.locator("section", { has: live.locator("#chart") }).boundingBox();
      if (!card) throw new Error("The chart has no card.");
      const bars = await live.locator("[data-bar]:visible").evaluateAll((all) =>
        all.map((each) => {
          const { left, right } = each.getBoundingClientRect();
          return { left, right, exact: getComputedStyle(each).getPropertyValue("print-color-adjust") };
        }),
      );
      expect(bars).toHaveLength(30);
      for (const { left, right, exact } of bars) {
        expect(left).toBeGreaterThan(card.x);
        expect(right).toBeLessThan(card.x + card.width);
        expect(exact).toBe("exact");
      }
      expect(await live.evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toContain(
        "light",
      );
      expect(await live.evaluate(() => getComputedStyle(document.body).color)).toBe("rgb(21, 22, 28)");
      for (const control of await live.locator("button, select, nav a, summary").all())
        await expect(control).not.toBeVisible();
      await expect(live.getByRole("table")).toBeVisible();
      expect(await live.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      await live.screenshot({ path: test.info().outputPath("page.png"), fullPage: true });
    });
  }
