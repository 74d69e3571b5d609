/** The app that is held to the rules, as the rules see it: its people, its mint, and what its Ringside received. */
import { setTimeout as wait } from "node:timers/promises";
import type { Browser } from "./browser.ts";
import { type Description, type PersonDescription, parseDescription } from "./description.ts";
import type { AppClient, CookieJar, Reply } from "./http.ts";
import { RuleBroken, requires } from "./outcome.ts";
import { DashboardPage, type PageOptions } from "./page.ts";
import { type Person, signIn } from "./people.ts";
import type { Secrets } from "./redact.ts";
import { type Entry, type IssuedToken, isMint, isPoll, type Ringside } from "./ringside.ts";

/** What the suite learned from a person's first visit. */
export interface Visit {
  person: Person;
  /** What Ringside received from the sign-in to the first mint; empty in a deployed run. */
  entries: Entry[];
  /** The one that Ringside was asked for; null when it was none or more than one. */
  externalId: string | null;
  customer: string | null;
  dashboard: Reply;
  mint: Reply;
  /** The amount that only this person has spent; null where the suite could not say so to Ringside. */
  spendUsd: number | null;
}

export interface MintOptions {
  jar?: CookieJar | null;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  query?: string;
  /** Takes a 429 for an answer instead of waiting as long as it says. */
  hurry?: boolean;
}

/** How the app's own page asks for a token: headers against CSRF, a JSON body. */
interface MintTemplate {
  headers: Record<string, string>;
  body: string | undefined;
}

const JWT = /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/;
export const holdsToken = (text: string) => JWT.test(text);

/** In cents that are unlikely elsewhere, so that a figure found is this person's. */
const SPEND = [4_183.57, 2_719.63, 6_531.29];

export class AppUnderTest {
  readonly visits: Visit[] = [];
  /** What the rule at hand found that the profile does not demand. */
  advice: string[] = [];
  /** Starts the app again if it ended, and says whether it did. */
  restart: (() => Promise<boolean>) | null = null;
  readonly #memo = new Map<string, Promise<unknown>>();
  readonly #templates = new Map<Person, MintTemplate>();

  constructor(
    readonly description: Description,
    readonly client: AppClient,
    readonly ringside: Ringside | null,
    readonly browser: Browser | null,
    readonly secrets: Secrets,
  ) {}

  get routes() {
    return this.description.routes;
  }
  get capabilities() {
    return this.description.capabilities;
  }
  get origin() {
    return this.client.url.origin;
  }

  /** The `full` profile demands it; `tutorial` reports it as advice. */
  full(condition: unknown, message: string): void {
    if (condition) return;
    if (this.description.profile === "full") throw new RuleBroken(message);
    this.advice.push(message);
  }

  /** A crash that one rule causes must not fail the rules after it. */
  async revive(): Promise<void> {
    if (!(await this.restart?.())) return;
    for (const { person } of this.visits) if (person.again) person.jar = await person.again();
  }

  /** Runs once, however many rules ask. */
  once<T>(name: string, run: () => Promise<T>): Promise<T> {
    const known = this.#memo.get(name) as Promise<T> | undefined;
    const result = known ?? run();
    this.#memo.set(name, result);
    return result;
  }

  /** Signs the person in and makes their first visit. */
  async visit(person: PersonDescription): Promise<void> {
    const since = (await this.ringside?.mark()) ?? 0;
    this.ringside?.resetClock();
    const signedIn = await signIn(person, this.description, this.client, this.browser);
    this.secrets.add(...signedIn.jar.cookies.map(({ value }) => value));
    if (this.browser) await this.#learn(signedIn, this.browser);
    const dashboard = await this.client.send("GET", this.routes.dashboard, {
      jar: signedIn.jar,
      follow: true,
    });
    const mint = await this.mint(signedIn);
    const entries = (await this.ringside?.received(since)) ?? [];
    // What the server asked for: a page may hold another person's token, which is for CUS-2 and MINT-10 to tell.
    const named = new Set(
      entries.flatMap(({ external_id: id, authorization }) =>
        id !== null && authorization === "bearer" ? [id] : [],
      ),
    );
    const [externalId = null] = named.size === 1 ? named : [];
    const rows = (await this.ringside?.customers()) ?? [];
    const claimed = claimsOf(tokenOf(mint))?.["sub"];
    const customer = this.ringside
      ? (rows.find((row) => row.external_id === externalId)?.id ?? null)
      : typeof claimed === "string"
        ? claimed
        : null;
    const spendUsd = this.ringside ? (SPEND[this.visits.length % SPEND.length] ?? 0) : null;
    if (externalId !== null && customer !== null && spendUsd !== null)
      await this.ringside?.spend(externalId, spendUsd);
    this.visits.push({ person: signedIn, entries, externalId, customer, dashboard, mint, spendUsd });
  }

  /** How the page itself mints, seen in a browser. */
  async #learn(person: Person, browser: Browser): Promise<void> {
    const page = await DashboardPage.open({
      browser,
      app: this.client,
      person,
      path: this.routes.dashboard,
      ringside: this.ringside,
      realTime: true,
    });
    try {
      const [method, path] = this.#mintRoute();
      const deadline = Date.now() + (this.ringside ? 8_000 : 4_000);
      const find = () => page.sent.find((sent) => sent.method === method && sent.url.pathname === path);
      while (!find() && Date.now() < deadline) await page.settle();
      const sent = find();
      if (sent) {
        const headers = Object.fromEntries(
          Object.entries(sent.headers).filter(([name]) =>
            /^(x-|content-type$|authorization$|accept$)/.test(name),
          ),
        );
        this.#templates.set(person, { headers, body: sent.body ?? undefined });
        this.secrets.add(
          ...Object.entries(headers).flatMap(([name, value]) => (/^(x-|auth)/.test(name) ? [value] : [])),
        );
      }
      if (this.ringside) await page.until(isPoll, 1, 4);
      // The browser's cookies: a page may have been given another one.
      const cookies = await page.page.context().cookies(this.origin);
      for (const { name, value } of cookies) {
        const own = person.jar.cookies.find((cookie) => cookie.name === name);
        if (own) own.value = value;
      }
    } finally {
      await page.close();
    }
  }

  #mintRoute(): [string, string] {
    const [method = "POST", target = "/"] = this.routes.mint.split(" ");
    return [method, new URL(target, this.origin).pathname];
  }

  get mintMethod() {
    return this.#mintRoute()[0];
  }

  /** Custom headers that the person's own page adds to its mint. */
  mintHeaders(person: Person): Record<string, string> {
    return this.#templates.get(person)?.headers ?? {};
  }

  mintBody(person: Person): string | undefined {
    return this.#templates.get(person)?.body;
  }

  /** Asks for a token as the person's own page does, but for what the options change. */
  async mint(person: Person | null, options: MintOptions = {}): Promise<Reply> {
    const [method, target = "/"] = this.routes.mint.split(" ");
    const template = person ? this.#templates.get(person) : undefined;
    const way = options.method ?? method ?? "POST";
    const url = new URL(target, this.origin);
    if (options.query) url.search = options.query;
    const jar = options.jar === undefined ? (person?.jar.copy() ?? null) : options.jar;
    const body = way === "GET" ? undefined : (options.body ?? template?.body);
    const reply = await this.client.send(way, url.pathname + url.search, {
      jar,
      body,
      headers: {
        accept: "application/json",
        ...(way !== "GET" && { origin: this.origin, "sec-fetch-site": "same-origin" }),
        ...template?.headers,
        ...(options.body !== undefined && { "content-type": "application/json" }),
        ...options.headers,
      },
    });
    const seconds = Number(reply.headers.get("retry-after") ?? 5);
    // An app may limit its mint: other rules than MINT-6 are not about that.
    if (reply.status === 429 && !options.hurry && seconds <= 60) {
      await wait(seconds * 1000);
      return this.mint(person, { ...options, hurry: true });
    }
    const token = tokenOf(reply);
    this.secrets.add(token, reply.text.match(JWT)?.[0]);
    return reply;
  }

  /** @throws NotRun without a person who gets tokens */
  first(): Visit {
    return this.#signedIn(0);
  }
  second(): Visit {
    requires(this.visits.length > 1, "needs a second person in `people`");
    return this.#signedIn(1);
  }

  #signedIn(index: number): Visit {
    const visit = this.visits[index];
    requires(visit, "needs a signed-in person: add `people`, or --state");
    requires(tokenOf(visit.mint), `the mint gives ${visit.person.name} no token: see MINT-7`);
    return visit;
  }

  /** @throws NotRun in a deployed run */
  staged(): Ringside {
    requires(this.ringside, "needs to see what Ringside receives: only in a staged run");
    return this.ringside;
  }

  /** @throws NotRun without a browser */
  async open(visit: Visit | null, options: Partial<PageOptions> = {}): Promise<DashboardPage> {
    requires(this.browser, "needs a browser: npx playwright install chromium, or PLAYWRIGHT_CHROMIUM_PATH");
    return DashboardPage.open({
      browser: this.browser,
      app: this.client,
      person: visit?.person ?? null,
      path: this.routes.dashboard,
      ringside: this.ringside,
      ...options,
    });
  }

  /** The id of a sign-in at `/auth/<id>`, as this product has them, read off the sign-in page. @throws NotRun */
  signInId(): Promise<string> {
    return this.once("sign-in id", async () => {
      const { text } = await this.client.send("GET", this.routes.signIn ?? "/sign-in", { follow: true });
      const id = /action="\/auth\/([a-z0-9:-]+)"/.exec(text)?.[1];
      requires(id, "the sign-in page has no form to /auth/<adapter>, so no provider's callback is known");
      return id;
    });
  }

  /** Every mint that Ringside answered with a token so far. */
  async mints(since = 0): Promise<(Entry & { body: Record<string, unknown> })[]> {
    const entries = (await this.staged().received(since)).filter(
      (entry) => isMint(entry) && (entry.status ?? 500) < 300,
    );
    return entries.map((entry) => ({ ...entry, body: entry.body ?? {} }));
  }

  /** Which token this is at the mock Ringside; null for one that it did not issue. */
  async issued(reply: Reply): Promise<IssuedToken | null> {
    const jti = claimsOf(tokenOf(reply))?.["jti"];
    return (await this.staged().tokens()).find((token) => token.jti === jti) ?? null;
  }
}

/** The token of a mint's answer; null when it holds none. */
export function tokenOf({ status, json }: Reply): string | null {
  if (status < 200 || status > 299 || !json || typeof json !== "object") return null;
  const { token } = json as Record<string, unknown>;
  return typeof token === "string" && token.length > 0 ? token : null;
}

export function claimsOf(token: string | null): Record<string, unknown> | null {
  try {
    return JSON.parse(Buffer.from(token?.split(".")[1] ?? "", "base64url").toString());
  } catch {
    return null;
  }
}

/** What of a person would be a leak on another's page. */
export function tracesOf({ externalId, customer, spendUsd }: Visit): string[] {
  const [whole = "", cents = ""] = spendUsd?.toFixed(2).split(".") ?? [];
  const grouped = whole.replace(/(\d)(\d{3})$/, "$1,$2");
  const figures = spendUsd === null ? [] : [`${whole}.${cents}`, `${grouped}.${cents}`];
  return [...figures, customer, externalId && externalId.length > 7 ? externalId : null].flatMap(
    (trace) => trace ?? [],
  );
}

/** For a test, or for flags: a description from parts. */
export const describeApp = (value: object, folder = process.cwd()) =>
  parseDescription(value, "the description", folder);
