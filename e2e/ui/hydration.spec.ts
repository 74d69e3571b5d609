/** A page before hydration: keys pressed meanwhile, a script that never arrives, and a CDN that must not rewrite it. */
import { expect, expectPhase, hydrated, signIn, test } from "../fixtures.ts";

test("keys pressed during hydration do not break the page", async ({ page, person }) => {
  // On every tick of the browser's event loop, so that each step of hydration is covered.
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
  const late = page.getByText("Live updates haven’t started");
  await expect(late).not.toBeVisible();
  // Instead of waiting for the delay in the stylesheet.
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

test("the document asks CDNs not to rewrite it, and Rocket Loader to leave each script alone", async ({
  page,
}) => {
  const response = await page.request.get("/sign-in");
  expect(response.headers()["cache-control"]).toBe("no-store, no-transform");
  const scripts = (await response.text()).match(/<script\b[^>]*>/g) ?? [];
  expect(scripts.length).toBeGreaterThan(1);
  expect(scripts.filter((script) => !script.includes('data-cfasync="false"'))).toEqual([]);
});
