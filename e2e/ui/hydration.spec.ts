/** People press keys before a page's scripts have finished. */
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
