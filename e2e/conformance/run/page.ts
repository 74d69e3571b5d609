/** The dashboard in a browser: what the page sends, what it is served, and its time, which the suite moves. */
import { setTimeout as wait } from "node:timers/promises";
import type { BrowserContext, Page, Request, Response } from "playwright";
import type { Browser } from "./browser.ts";
import { type AppClient, nameOf } from "./http.ts";
import type { Person } from "./people.ts";
import type { Entry, Ringside } from "./ringside.ts";

export interface Sent {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string | null;
}

export interface PageOptions {
  browser: Browser;
  app: AppClient;
  person: Person | null;
  path: string;
  ringside: Ringside | null;
  /** How far the browser's clock is ahead of Ringside's. */
  skewMs?: number;
  /** Leaves the clock alone: for a page whose timers do not run in its window. */
  realTime?: boolean;
}

/** An entry of Ringside's log with Ringside's own time, which the suite moves. */
export type Timed = Entry & { time: number };

export class DashboardPage {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #options: PageOptions;
  readonly sent: Sent[] = [];
  /** Bodies of documents, scripts, styles and data of the app itself. */
  readonly served: { url: string; type: string; text: string }[] = [];
  readonly timed: Timed[] = [];
  /** Since when each request is under way. */
  #pending = new Map<Request, number>();
  #offset = 0;
  #seq = 0;

  private constructor(context: BrowserContext, page: Page, options: PageOptions) {
    this.#context = context;
    this.page = page;
    this.#options = options;
    page.on("request", (request) => {
      this.#pending.set(request, Date.now());
      this.sent.push({
        method: request.method(),
        url: new URL(request.url()),
        headers: request.headers(),
        body: request.postData(),
      });
    });
    const ended = (request: Request) => void this.#pending.delete(request);
    page.on("requestfinished", ended);
    page.on("requestfailed", ended);
    page.on("response", (response) => void this.#keep(response));
    page.on("dialog", (dialog) => void dialog.dismiss().catch(() => {}));
  }

  static async open(options: PageOptions): Promise<DashboardPage> {
    const { browser, app, person, path, ringside, skewMs = 0, realTime = false } = options;
    const context = await browser.newContext({
      baseURL: app.url.origin,
      ignoreHTTPSErrors: true,
      ...(person && {
        storageState: { cookies: person.jar.cookies.map(forBrowser), origins: person.origins as never },
      }),
    });
    const page = await context.newPage();
    const dashboard = new DashboardPage(context, page, options);
    ringside?.resetClock();
    dashboard.#seq = (await ringside?.mark()) ?? 0;
    if (!realTime) await page.clock.install({ time: Date.now() + skewMs });
    await page.goto(path, { waitUntil: "domcontentloaded", timeout: 30_000 });
    return dashboard;
  }

  async #keep(response: Response): Promise<void> {
    const url = response.url();
    if (new URL(url).origin !== this.#options.app.url.origin) return;
    const text = await response.text().catch(() => "");
    this.served.push({ url, type: response.request().resourceType(), text });
    this.#options.app.served.push({ what: `GET ${nameOf(new URL(url))}`, text });
  }

  /** Waits in real time until Ringside received such a request of this page. */
  async until(matches: (entry: Entry) => boolean, count = 1, seconds = 10): Promise<boolean> {
    const deadline = Date.now() + seconds * 1000;
    while (Date.now() < deadline) {
      if ((await this.log()).filter((entry) => matches(entry) && entry.status !== null).length >= count)
        return true;
      await wait(50);
    }
    return false;
  }

  /** What Ringside received since the page was opened. */
  async log(): Promise<Timed[]> {
    const { ringside } = this.#options;
    if (!ringside) return [];
    const entries = await ringside.received(this.#seq);
    for (const entry of entries) {
      const known = this.timed.find(({ seq }) => seq === entry.seq);
      if (known) known.status = entry.status;
      else this.timed.push({ ...entry, time: entry.at + this.#offset });
    }
    return this.timed;
  }

  /** Lets time pass, for the page and for Ringside, in steps after each of which requests may end. */
  async advance(seconds: number, step = 1): Promise<void> {
    const { ringside, realTime } = this.#options;
    for (let left = seconds; left > 0; left -= step) {
      const ms = Math.min(step, left) * 1000;
      if (realTime) await wait(ms);
      else {
        await this.log();
        ringside?.advance(ms);
        this.#offset += ms;
        await this.page.clock.runFor(ms);
        await this.settle();
      }
    }
    await this.log();
  }

  /** Jumps ahead as a laptop does that slept: each timer fires at most once. */
  async sleep(seconds: number): Promise<void> {
    const { ringside } = this.#options;
    await this.log();
    ringside?.advance(seconds * 1000);
    this.#offset += seconds * 1000;
    await this.page.clock.fastForward(seconds * 1000);
    await this.settle();
    await this.log();
  }

  /** Until no request is under way, so that a page hears its answers before its next timer. */
  async settle(): Promise<void> {
    await wait(12);
    // A stream stays open for as long as the page does, and a storm of requests never ends: neither is waited for.
    const deadline = Date.now() + 400;
    const busy = () => [...this.#pending.values()].some((since) => Date.now() - since < 400);
    while (busy() && Date.now() < deadline) await wait(8);
  }

  async setHidden(hidden: boolean): Promise<void> {
    // A string, as below: a compiled function would call a helper that the page does not have.
    await this.page.evaluate(`(() => {
      const define = (name, value) => Object.defineProperty(document, name, { configurable: true, get: () => value });
      define("visibilityState", "${hidden ? "hidden" : "visible"}");
      define("hidden", ${hidden});
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    })()`);
  }

  /** Everything that scripts of the page, or the next user of the computer, could read. */
  async readable(): Promise<Record<string, string>> {
    return this.page.evaluate(READ_ALL) as Promise<Record<string, string>>;
  }

  async close(): Promise<void> {
    await this.#context.close();
    this.#options.ringside?.resetClock();
  }
}

const forBrowser = ({
  name,
  value,
  domain,
  path,
  httpOnly,
  secure,
  sameSite,
  expires,
}: Person["jar"]["cookies"][number]) => ({
  name,
  value,
  domain,
  path,
  httpOnly,
  secure,
  sameSite,
  expires,
});

/** A string, so that no compiler adds helpers that a page does not have. */
const READ_ALL = `(async () => {
  const found = {};
  const store = (storage) => { try { return JSON.stringify(Object.entries(storage)); } catch { return ""; } };
  found["localStorage"] = store(localStorage);
  found["sessionStorage"] = store(sessionStorage);
  found["document.cookie"] = document.cookie;
  found["the page's address"] = location.href;
  found["window.name"] = window.name;
  try { found["history.state"] = JSON.stringify(history.state) ?? ""; } catch {}
  found["the DOM"] = document.documentElement.outerHTML;
  const seen = new WeakSet();
  const text = (value, depth) => {
    if (typeof value === "string") return value;
    if (!value || typeof value !== "object" || depth > 6 || seen.has(value)) return "";
    if (value instanceof Node || value instanceof Window) return "";
    seen.add(value);
    let all = "";
    try {
      const values = value instanceof Map ? [...value].flat() : value instanceof Set ? [...value] : Object.values(value);
      for (const inner of values.slice(0, 500)) all += text(inner, depth + 1) + "\\n";
    } catch {}
    return all;
  };
  const frame = document.createElement("iframe");
  document.documentElement.append(frame);
  const usual = new Set(Object.getOwnPropertyNames(frame.contentWindow));
  frame.remove();
  let globals = "";
  for (const name of Object.getOwnPropertyNames(window))
    if (!usual.has(name) && !/^\\d+$/.test(name)) { try { globals += text(window[name], 0) + "\\n"; } catch {} }
  found["a global variable"] = globals;
  const limit = (promise) => Promise.race([promise, new Promise((resolve) => { const channel = new MessageChannel(); let turns = 0; channel.port1.onmessage = () => (++turns > 4000 ? resolve("") : channel.port2.postMessage(0)); channel.port2.postMessage(0); })]);
  try {
    const databases = await indexedDB.databases();
    let all = "";
    for (const { name } of databases) {
      const db = await limit(new Promise((resolve) => { const open = indexedDB.open(name); open.onsuccess = () => resolve(open.result); open.onerror = () => resolve(""); }));
      if (!db) continue;
      for (const storeName of db.objectStoreNames) {
        const rows = await limit(new Promise((resolve) => { const request = db.transaction(storeName).objectStore(storeName).getAll(); request.onsuccess = () => resolve(request.result); request.onerror = () => resolve([]); }));
        all += text(rows, 0) + "\\n";
      }
      db.close();
    }
    found["IndexedDB"] = all;
  } catch {}
  try {
    let all = "";
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) all += request.url + "\\n" + (await (await cache.match(request)).text()) + "\\n";
    }
    found["the Cache storage"] = all;
  } catch {}
  return found;
})()`;
