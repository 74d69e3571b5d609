/** Debian's Firefox ESR, driven over WebDriver BiDi. */
import puppeteer, { type Frame, type KeyInput, type Page as PuppeteerPage } from "puppeteer-core";
import type { Browser, Launch, Page, Tab } from "./engine.ts";

export async function launchFirefox(executablePath: string, { downloads }: Launch): Promise<Browser> {
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath,
    headless: true,
    acceptInsecureCerts: true,
    defaultViewport: { width: 1280, height: 900 },
    extraPrefsFirefox: {
      "browser.download.folderList": 2,
      "browser.download.dir": downloads,
      "browser.download.useDownloadDir": true,
      "browser.download.always_ask_before_handling_new_types": false,
      // Nothing but the machine itself can be reached, and each attempt would wait for its time-out.
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
    },
  });

  const pageOf = (target: () => Promise<Frame>): Page => ({
    async evaluate(fn, ...args) {
      // As source: the protocol's own serialisation keeps no names that the transpiler gives to inner functions.
      const call = `Promise.resolve((${fn})(...${JSON.stringify(args)}))`;
      return (await (await target()).evaluate(call)) as never;
    },
    async click(selector) {
      const element = await (await target()).$(selector);
      if (!element) throw new Error(`no element matches ${selector}`);
      await element.click();
    },
  });

  const createTab = (page: PuppeteerPage): Tab => ({
    ...pageOf(async () => page.mainFrame()),
    frame: (selector) =>
      pageOf(async () => {
        const frame = await (await page.$(selector))?.contentFrame();
        if (!frame) throw new Error(`no frame matches ${selector}`);
        return frame;
      }),
    goto: async (url) => void (await page.goto(url, { waitUntil: "domcontentloaded" })),
    reload: async () => void (await page.reload({ waitUntil: "domcontentloaded" })),
    press: (key) => page.keyboard.press(key as KeyInput),
    print: async () => Buffer.from(await page.pdf({ format: "A4" })),
    screenshot: async () => Buffer.from(await page.screenshot()),
    close: () => page.close(),
  });

  const open = new WeakMap<PuppeteerPage, Tab>();
  const tab = (page: PuppeteerPage): Tab => {
    const known = open.get(page) ?? createTab(page);
    open.set(page, known);
    return known;
  };

  const [first] = await browser.pages();

  return {
    name: "Firefox",
    version: (await browser.version()).replace("/", " "),
    open: async () => tab(await browser.newPage()),
    tabs: async () => (await browser.pages()).filter((page) => page !== first).map(tab),
    close: () => browser.close(),
  };
}
