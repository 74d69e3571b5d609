/** What a page is before its scripts have taken over: pressed upon, or left alone by a script that never comes. */
import { expect, expectPhase, hydrated, signIn, test } from "../fixtures.ts";

test("keys pressed while a page comes to life do not stop it", async ({ page, person }) => {
  // At every turn of the browser's event loop, so that none of hydration's steps is left out.
  await page.addInitScript(() => {
    const { port1, port2 } = new MessageChannel();
    let pressed = 0;
    port1.onmessage = () => {
      const { body, documentElement } = document;
      body?.dispatchEvent(new KeyboardEvent("keydown", { key: "Shift", bubbles: true }));
      Object.assign(window, { pressed: ++pressed });
      if (!documentElement?.dataset["hydrated"]) port2.postMessage(null);
    };
    port2.postMessage(null);
  });
  const pressed = () => page.evaluate(() => Reflect.get(window, "pressed"));

  await page.goto("/sign-in");
  await hydrated(page);
  expect(await pressed()).toBeGreaterThan(10);

  await signIn(page, person);
  await expectPhase(page, "live");
  expect(await pressed()).toBeGreaterThan(10);
});

test("a script that never arrives: the page stops saying that it connects", async ({ page, live }) => {
  expect(live).toBe(page);
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  await network.send("Network.setBlockedURLs", { urls: ["*/assets/dashboard-page*"] });
  await page.reload();
  await expect(page.getByText("Connecting")).toBeVisible();
  const late = page.getByText("Live updates have not begun");
  await expect(late).not.toBeVisible();
  // In place of waiting for as long as the stylesheet does.
  await page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.finish();
  });
  await expect(late).toBeVisible();
  await expect(page.getByText("Connecting")).not.toBeVisible();
  await network.send("Network.setBlockedURLs", { urls: [] });
  await page.reload();
  await expectPhase(page, "live");
  await expect(late).not.toBeVisible();
});
