/** Clients of a running deployment: one browser, many of them at once, and a bare connection. */
import { once } from "node:events";
import { type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { ringsideUrl } from "./deployment.ts";
import { until } from "./programs.ts";

/** A browser as a server sees it, without the page: it stores cookies, sends an origin, and follows redirects. */
export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  text: string;
}

export interface RequestOptions {
  method?: "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "DELETE";
  headers?: OutgoingHttpHeaders;
  /** Sent as a form. */
  form?: Record<string, string>;
}

export interface BrowserOptions {
  /** What the address bar shows. */
  origin: string;
  /** Where requests really go; the origin itself by default. */
  server?: string;
  /** The visitor's own address, any of 127.0.0.0/8. */
  address?: string;
}

export class Browser {
  readonly #cookies = new Map<string, string>();
  constructor(private readonly options: BrowserOptions) {}

  /** The same cookies at another door: what a thief has, or what a balancer does. */
  at(server: string): Browser {
    const other = new Browser({ ...this.options, server });
    for (const [name, value] of this.#cookies) other.#cookies.set(name, value);
    return other;
  }

  get cookies(): string[] {
    return [...this.#cookies.values()];
  }

  /** What each of their requests carries. */
  get cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async ask(path: string, { method = "GET", headers = {}, form }: RequestOptions = {}): Promise<Answer> {
    const { origin, server = origin, address } = this.options;
    const url = new URL(path, server);
    const outgoing = request({
      host: "127.0.0.1",
      port: url.port,
      path: url.pathname + url.search,
      method,
      agent: false,
      ...(address && { localAddress: address }),
      headers: {
        host: new URL(origin).host,
        ...(this.#cookies.size > 0 && { cookie: this.cookieHeader }),
        ...(method === "POST" && { origin, "sec-fetch-site": "same-origin" }),
        ...(form && { "content-type": "application/x-www-form-urlencoded" }),
        ...headers,
      },
    });
    outgoing.end(form && new URLSearchParams(form).toString());
    const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of incoming.setEncoding("utf8")) text += chunk;
    this.#keep(incoming.headers["set-cookie"] ?? []);
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, text };
  }

  /** As a navigation: asks for HTML, and goes where it is sent. */
  async visit(path: string, ask: RequestOptions = {}): Promise<Answer & { url: string }> {
    let url = new URL(path, this.options.origin).href;
    let answer = await this.ask(url, { ...ask, headers: { accept: "text/html,*/*;q=0.8", ...ask.headers } });
    for (let hops = 0; hops < 5 && answer.headers.location; hops++) {
      url = new URL(answer.headers.location, url).href;
      answer = await this.ask(url, { headers: { accept: "text/html,*/*;q=0.8" } });
    }
    return { ...answer, url };
  }

  /** Presses a persona's button. */
  signIn(persona: string) {
    return this.visit("/auth/demo", { method: "POST", form: { choice: persona, returnTo: "/dashboard" } });
  }

  mint() {
    return this.ask("/api/mint-client-token", { method: "POST" });
  }

  #keep(setCookies: string[]): void {
    for (const header of setCookies) {
      const [pair = "", ...attributes] = header.split(";").map((part) => part.trim());
      const [name = "", value = ""] = pair.split(/=(.*)/);
      if (attributes.some((attribute) => /^max-age=0$/i.test(attribute))) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}

/** What a page holds: see app/usage for how the real one uses it. */
export interface Token {
  value: string;
  customer: string;
  origin: string;
}

/** Reads the figures as the page does: from Ringside, with the token. */
export const poll = ({ value, customer, origin }: Token, at = ringsideUrl) =>
  fetch(`${at}/v1/customers/${customer}`, { headers: { authorization: `Client ${value}`, origin } });

/** The token in a mint's answer. */
export function tokenIn(answer: Answer, origin: string): Token {
  const { token } = JSON.parse(answer.text);
  const [, payload = ""] = token.split(".");
  const { endpoints } = JSON.parse(Buffer.from(payload, "base64url").toString());
  return { value: token, customer: endpoints[0].split("/").at(-1), origin };
}

export class BrowserLoad {
  /** Answers that a user would have noticed as failures. */
  readonly noticed: string[] = [];
  /** How many answers each process gave, by its port. */
  readonly #served = new Map<number, number>();
  #going = true;
  readonly #loops: Promise<void>[];

  constructor(visitors: Browser[], origin: string) {
    this.#loops = visitors.map((visitor) => this.#use(visitor, origin));
  }

  /** Waits until the process on that port has given so many more answers. */
  async servedBy(port: number, answers = 1): Promise<void> {
    const wanted = this.#answersOf(port) + answers;
    await until(`${answers} answers of ${port}`, async () => this.#answersOf(port) >= wanted, 20_000);
  }

  async goHome(): Promise<void> {
    this.#going = false;
    await Promise.all(this.#loops);
  }

  readonly #answersOf = (port: number) => this.#served.get(port) ?? 0;

  async #use(visitor: Browser, origin: string): Promise<void> {
    while (this.#going) {
      await this.#look("the page", () => visitor.ask("/dashboard", { headers: { accept: "text/html" } }));
      const minted = await this.#look("a mint", () => visitor.mint());
      if (minted?.status === 200) {
        const { status } = await poll(tokenIn(minted, origin));
        if (status !== 200) this.noticed.push(`a poll: ${status}`);
      }
      await pause(100);
    }
  }

  async #look(what: string, ask: () => Promise<Answer>): Promise<Answer | undefined> {
    try {
      const answer = await ask();
      // Of several, nginx names the one that answered last.
      const port = Number(String(answer.headers["x-served-by"]).split(":").at(-1));
      this.#served.set(port, this.#answersOf(port) + 1);
      if (answer.status !== 200) this.noticed.push(`${what}: ${answer.status} ${answer.text.slice(0, 200)}`);
      return answer;
    } catch (error) {
      this.noticed.push(`${what}: ${error}`);
      return undefined;
    }
  }
}

/** A connection that sends what it is told to, byte for byte. */
export class RawConnection {
  readonly #socket: Socket;
  readonly closed: Promise<void>;
  #received = "";
  constructor(port: number) {
    this.#socket = connect(port, "127.0.0.1");
    this.closed = new Promise((resolve) => this.#socket.once("close", () => resolve()));
    this.#socket.on("error", () => {});
    this.#socket.setEncoding("utf8").on("data", (chunk) => {
      this.#received += chunk;
    });
  }
  send(text: string): this {
    this.#socket.write(text);
    return this;
  }
  /** All that came so far. */
  get received(): string {
    return this.#received;
  }
  /** All that came until the other side closed. */
  async answer(): Promise<string> {
    await this.closed;
    return this.#received;
  }
}
