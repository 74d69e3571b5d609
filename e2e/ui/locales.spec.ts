/** Every language tag: the server's numbers and days are the browser's, so React keeps the server's HTML. */
import { formatLocales, negotiateLocale } from "#app/components/locales.ts";
import { expect, figure, hydrated, test } from "../fixtures.ts";
import { samplesOf, samplesScript } from "./locales.ts";

const letters = [..."abcdefghijklmnopqrstuvwxyz"];
const regional =
  "en-AU en-CA en-GB en-IE en-IN en-ZA de-AT de-CH de-LI fr-BE fr-CA fr-CH fr-MA es-419 es-AR es-MX es-US pt-AO pt-PT ja-JP-u-ca-japanese zh-Hans-SG zh-Hant-HK zh-TW ar-AE ar-EG-u-nu-arab ar-MA ar-SA ckb fa-IR he-IL ps-AF th-TH-u-ca-buddhist is-IS sr-Latn x-klingon i-default * xx-not-a-tag!".split(
    " ",
  );
const tags = [...letters.flatMap((first) => letters.map((second) => first + second)), ...regional];

test(`Node and Chromium write the same for the locale of each of ${tags.length} tags`, async ({
  browser,
}) => {
  expect(tags.length).toBeGreaterThan(300);
  const locales = [...new Set(tags.map(negotiateLocale))];
  expect(locales.sort()).toEqual([...formatLocales].sort());
  const page = await browser.newPage();
  await page.evaluate(await samplesScript());
  const inBrowser = await page.evaluate(
    (all) => all.map((locale) => Reflect.get(globalThis, "samplesOf")(locale) as string[]),
    locales,
  );
  for (const [index, locale] of locales.entries())
    expect(inBrowser[index], locale).toEqual(samplesOf(locale));
  await page.close();
});

test("a page in any language hydrates without a complaint, with the server's text", async ({
  live,
  browser,
  customer,
}) => {
  // A sign-in and eleven pages.
  test.setTimeout(120_000);
  const storageState = await live.context().storageState();
  const { customer: row } = await customer.ledger();
  for (const tag of [
    "is-IS",
    "fa-IR",
    "he-IL",
    "ps-AF",
    "ckb",
    "zh-Hant-HK",
    "x-klingon",
    "*",
    "de-CH",
    "fr-CH",
    "ar-EG",
  ]) {
    const context = await browser.newContext({ storageState });
    const page = await context.newPage();
    // As a browser sends it; a context's own locale takes no text that is not a tag.
    const protocol = await context.newCDPSession(page);
    const userAgent = await page.evaluate(() => navigator.userAgent);
    await protocol.send("Network.setUserAgentOverride", { userAgent, acceptLanguage: tag });
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto("/dashboard");
    await hydrated(page);
    await expect(figure(page, "requests"), tag).toHaveText(
      row.request_count_mtd.toLocaleString(negotiateLocale(tag), { numberingSystem: "latn" }),
    );
    expect(complaints, tag).toEqual([]);
    await context.close();
  }
});
