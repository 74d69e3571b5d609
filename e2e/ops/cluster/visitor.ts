/** A browser as a server sees it, without the page: it keeps cookies, says where it is, and follows redirects. */
import { once } from "node:events";
import { type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";

export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  text: string;
}

export interface Ask {
  method?: "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "DELETE";
  headers?: OutgoingHttpHeaders;
  /** Sent as a form. */
  form?: Record<string, string>;
}

export interface VisitorOptions {
  /** What the address bar shows. */
  origin: string;
  /** Where requests really go; the origin itself by default. */
  server?: string;
  /** The visitor's own address, any of 127.0.0.0/8. */
  address?: string;
}

export class Visitor {
  readonly #cookies = new Map<string, string>();
  constructor(private readonly options: VisitorOptions) {}

  /** The same cookies at another door: what a thief has, or what a balancer does. */
  at(server: string): Visitor {
    const other = new Visitor({ ...this.options, server });
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

  async ask(path: string, { method = "GET", headers = {}, form }: Ask = {}): Promise<Answer> {
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
  async visit(path: string, ask: Ask = {}): Promise<Answer & { url: string }> {
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
