/** The core journey in the engines that Playwright's Chromium suite does not cover: Debian's Firefox and WebKit. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { formatLocales } from "#app/components/locales.ts";
import { type CustomerControl, customerControl, isMint, isPoll } from "../control/ringside.ts";
import { newPerson, type Person } from "../people.ts";
import { samplesOf, samplesScript } from "../ui/locales.ts";
import { type Browser, findProgram, type Page, type Tab, until } from "./engine.ts";
import { launchFirefox } from "./firefox.ts";
import { embedderUrl, origin, startStack } from "./stack.ts";
import { launchWebKit } from "./webkit.ts";

const ENGINES = [
  { engine: "Firefox", program: "firefox-esr", launch: launchFirefox, frameCookies: true },
  // WebKit's tracking prevention gives a frame of another site no cookies, partitioned ones included.
  { engine: "WebKit", program: "WebKitWebDriver", launch: launchWebKit, frameCookies: false },
] as const;

let endStack: () => Promise<void>;
beforeAll(async () => {
  endStack = await startStack();
});
afterAll(() => endStack?.());

describe.each(ENGINES.filter(({ program }) => findProgram(program)))(
  "$engine",
  ({ engine, program, launch, frameCookies }) => {
    const path = findProgram(program);
    const downloads = mkdtempSync(join(tmpdir(), "downloads-"));
    let browser: Browser;
    let page: Tab;
    let person: Person;
    let customer: CustomerControl;

    beforeAll(async () => {
      if (!path) throw new Error(`${engine} is neither here nor can it be installed.`);
      browser = await launch(path, { downloads });
      console.log(`${engine}: ${browser.version}`);
    });
    afterAll(() => browser?.close());

    /** Every test has a person of its own, signed in, with 90 days of usage and the page live. */
    const signedIn = async () => {
      page = await browser.open();
      person = await newPerson("github");
      customer = customerControl(person.externalId);
      await customer.seed({ name: person.name, history: "steady", budget_usd: 500 });
      await page.goto(`${origin}/sign-in`);
      await choosePerson(page, person);
      await untilLive(page);
    };
    afterEach(async () => {
      if (!page) return;
      // Wherever the test has left it: the browser's next user must find no session.
      await page.goto(`${origin}/dashboard`);
      await page.evaluate(() => fetch("/sign-out", { method: "POST" }).then(() => null));
      for (const tab of await browser.tabs()) await tab.close();
    });

    test("signs in through a provider and shows the ledger's figures", async () => {
      await signedIn();
      const { customer: row } = await customer.ledger();
      expect(await requestsOn(page)).toBe(row.request_count_mtd);
      // The page was hydrated and not rebuilt: React removes the mark of an element that it throws away.
      expect(await page.evaluate(() => location.pathname)).toBe("/dashboard");
    });

    test("writes numbers and days as Node does, in every locale of the app", async () => {
      page = await browser.open();
      await page.goto("about:blank");
      const inBrowser = await page.evaluate(
        (script, locales) => {
          new Function(script)();
          const samplesOf = Reflect.get(globalThis, "samplesOf");
          return locales.map((locale) => samplesOf(locale) as string[]);
        },
        await samplesScript(),
        [...formatLocales],
      );
      expect(inBrowser).toEqual(formatLocales.map(samplesOf));
    });

    test("shows new spend without a reload", async () => {
      await signedIn();
      await page.evaluate(() => void Object.assign(window, { sameDocument: true }));
      const before = await requestsOn(page);
      await customer.spend(1.25, 3);
      await until("the new count", async () => (await requestsOn(page)) === before + 3);
      expect(await page.evaluate(() => Reflect.get(window, "sameDocument"))).toBe(true);
      const polls = (await customer.received()).filter(isPoll);
      expect(polls.every(({ origin: from, cookie }) => from === origin && !cookie)).toBe(true);
    });

    test("answers a 401 with one new token and stays live", async () => {
      await signedIn();
      const since = (await customer.received()).at(-1)?.seq ?? 0;
      await customer.fault({ fault: "expire_now" });
      await until("polls with a new token", async () => {
        const received = await customer.received(since);
        const mint = received.findIndex(isMint);
        return mint >= 0 && received.slice(mint).filter(isPoll).length > 1;
      });
      const received = (await customer.received(since)).filter((entry) => isPoll(entry) || isMint(entry));
      expect(received.filter(({ status }) => status === 401)).toHaveLength(1);
      expect(received.filter(isMint)).toHaveLength(1);
      expect(await phaseOf(page)).toBe("live");
    });

    test("stops in one tab when another signs out", async () => {
      await signedIn();
      const other = await browser.open();
      await other.goto(`${origin}/dashboard`);
      await untilLive(other);
      await other.evaluate(() =>
        document.querySelector<HTMLFormElement>('form[action="/sign-out"]')?.requestSubmit(),
      );
      await until("the first tab has stopped", async () => (await phaseOf(page)) === "signed_out");
    });

    test("moves through the chart by keyboard, and tells each day", async () => {
      await signedIn();
      await until("the line chart", () =>
        page.evaluate(() => Boolean(document.querySelector(".recharts-surface"))),
      );
      await page.evaluate(() =>
        document.querySelector<HTMLElement>('svg[tabindex="0"], .recharts-surface[tabindex]')?.focus(),
      );
      const told = () =>
        page.evaluate(() => document.querySelector(".recharts-tooltip-wrapper")?.textContent?.trim() ?? "");
      await page.press("ArrowRight");
      const first = await until("a tooltip", told);
      await page.press("ArrowRight");
      await until("another day", async () => ![first, ""].includes(await told()));
    });

    test("opens the table, and saves the same days as CSV", async () => {
      await signedIn();
      await page.goto(`${origin}/dashboard?range=7d`);
      await untilLive(page);
      await page.click("details summary");
      const rows = await until("the table", () =>
        page.evaluate(() => document.querySelectorAll("details[open] tbody tr").length),
      );
      await clickByText(page, "button", "CSV");
      const file = await until("the file", async () =>
        readdirSync(downloads).find((name) => /\.csv$/.test(name)),
      );
      const lines = await until("its lines", async () => {
        const text = readFileSync(join(downloads, file), "utf8").trim();
        return text ? text.split("\r\n") : null;
      });
      expect(file).toMatch(/^usage-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.csv$/);
      expect(rows).toBeGreaterThanOrEqual(7);
      expect(lines.filter((line) => /^\d{4}-\d\d-\d\d[,;]/.test(line))).toHaveLength(7);
    });

    test("keeps the theme that was chosen", async () => {
      await signedIn();
      const background = () => page.evaluate(() => getComputedStyle(document.body).color);
      const choose = (theme: string) =>
        page.evaluate((value) => {
          const select = [...document.querySelectorAll("select")].find((each) =>
            [...each.options].some((option) => option.value === value),
          );
          if (!select) throw new Error("no control for the theme");
          select.value = value;
          select.dispatchEvent(new Event("change", { bubbles: true }));
        }, theme);
      await choose("light");
      const light = await background();
      await choose("dark");
      await until("dark colours", async () => (await background()) !== light);
      const dark = await background();
      await page.reload();
      await untilLive(page);
      expect(await background()).toBe(dark);
    });

    /** The host page; its frame is signed in to through a window that opens and closes. */
    const signInInFrame = async (): Promise<Page> => {
      page = await browser.open();
      person = await newPerson("github");
      customer = customerControl(person.externalId);
      await customer.seed({ name: person.name, history: "steady" });
      await page.goto(embedderUrl);
      const frame = page.frame("iframe");
      await until("the frame is hydrated", () => isHydrated(frame));
      await frame.click("main button");
      const popup = await until("the window", async () => (await browser.tabs()).find((tab) => tab !== page));
      await choosePerson(popup, person);
      await until("the window closes", async () => (await browser.tabs()).length === 1);
      return frame;
    };

    if (frameCookies)
      test("lives in a frame of another site after signing in through a window", async () => {
        const frame = await signInInFrame();
        await until("live figures in the frame", async () => (await phaseOf(frame)) === "live");
        const { customer: row } = await customer.ledger();
        expect(await requestsOn(frame)).toBe(row.request_count_mtd);
      });

    if (!frameCookies)
      test("says that a frame gets no cookies here, and opens the dashboard in a tab", async () => {
        const frame = await signInInFrame();
        await until("the reason", () =>
          frame.evaluate(() => /cookies/.test(document.querySelector('[role="status"]')?.textContent ?? "")),
        );
        await frame.click('a[href="/dashboard"][target="_blank"]');
        const tab = await until("the tab", async () => (await browser.tabs()).find((each) => each !== page));
        await untilLive(tab);
      });

    test("prints the page on A4, where the engine prints under automation", async () => {
      await signedIn();
      const pdf = await page.print();
      if (!pdf) return console.log(`${engine}: no printing under automation`);
      expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
      expect(pdf.length).toBeGreaterThan(5_000);
    });
  },
);

/** On the sign-in page: to the provider, and there as this person. */
async function choosePerson(page: Tab, { id, adapterId }: Person): Promise<void> {
  const button = `form[action="/auth/${adapterId}"] button`;
  await until("the sign-in button", () => isThere(page, button));
  await page.click(button);
  await until("the provider", () => isThere(page, `button[value="${id}"]`));
  await page.click(`button[value="${id}"]`);
}

const isThere = (page: Page, selector: string) =>
  page.evaluate((each) => Boolean(document.querySelector(each)), selector);
const isHydrated = (page: Page) =>
  page.evaluate(() => document.documentElement.hasAttribute("data-hydrated"));
const phaseOf = (page: Page) =>
  page.evaluate(() => document.querySelector("[data-phase]")?.getAttribute("data-phase") ?? null);
const untilLive = (page: Page) => until("live figures", async () => (await phaseOf(page)) === "live", 30_000);
const requestsOn = async (page: Page) =>
  Number(
    (
      await page.evaluate(() => document.querySelector('[data-figure="requests"]')?.textContent ?? "")
    ).replace(/\D/g, ""),
  );

async function clickByText(page: Page, selector: string, words: string): Promise<void> {
  await page.evaluate(
    (within, text) => {
      const found = [...document.querySelectorAll(within)].find((each) => each.textContent?.includes(text));
      if (!found) throw new Error(`no ${within} says ${text}`);
      found.setAttribute("data-clicked", "");
    },
    selector,
    words,
  );
  await page.click("[data-clicked]");
}
