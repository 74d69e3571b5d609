/** Plain requests to the app under test, with a cookie jar for each person. */
import { parseSetCookie } from "cookie";
import { RuleBroken } from "./outcome.ts";

export interface Cookie {
  name: string;
  value: string;
  /** With a leading dot when the cookie goes to subdomains as well. */
  domain: string;
  path: string;
  httpOnly: boolean;
  secure: boolean;
  sameSite: "Strict" | "Lax" | "None";
  /** Unix seconds; -1 until the browser closes. */
  expires: number;
}

export class CookieJar {
  cookies: Cookie[];
  constructor(cookies: readonly Cookie[] = []) {
    this.cookies = [...cookies];
  }

  copy(): CookieJar {
    return new CookieJar(this.cookies);
  }

  store(url: URL, headers: readonly string[]): void {
    for (const header of headers) {
      const parsed = parseSetCookie(header);
      const path = parsed.path?.startsWith("/") ? parsed.path : "/";
      this.cookies = this.cookies.filter((old) => !(old.name === parsed.name && old.path === path));
      const ended =
        parsed.maxAge !== undefined
          ? parsed.maxAge <= 0
          : (parsed.expires?.getTime() ?? Infinity) < Date.now();
      if (ended) continue;
      const sameSite = String(parsed.sameSite ?? "lax").toLowerCase();
      this.cookies.push({
        name: parsed.name,
        value: parsed.value ?? "",
        domain: parsed.domain ? `.${parsed.domain.replace(/^\./, "")}` : url.hostname,
        path,
        httpOnly: parsed.httpOnly === true,
        secure: parsed.secure === true,
        sameSite: sameSite === "strict" ? "Strict" : sameSite === "none" ? "None" : "Lax",
        expires: parsed.maxAge !== undefined ? Math.floor(Date.now() / 1000) + parsed.maxAge : -1,
      });
    }
  }

  header(path: string): string {
    return this.cookies
      .filter((cookie) => path.startsWith(cookie.path.replace(/\/$/, "")) || cookie.path === "/")
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
  }
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed JSON; undefined when it is none. */
  json: unknown;
  /** Where a redirect leads; null when it is none. */
  location: URL | null;
}

export interface SendOptions {
  jar?: CookieJar | null;
  headers?: Record<string, string>;
  body?: string | undefined;
  /** Follows redirects within the app. */
  follow?: boolean;
}

export class AppClient {
  readonly url: URL;
  /** Everything that the app served so far, so that one rule can search it for the key. */
  readonly served: { what: string; text: string }[] = [];

  constructor(url: string) {
    this.url = new URL(url);
  }

  /** @throws RuleBroken when the app does not answer */
  async send(method: string, path: string, options: SendOptions = {}): Promise<Reply> {
    const { jar = null, headers = {}, body, follow = false } = options;
    let url = new URL(path, this.url);
    let next = { method, body };
    for (let step = 0; ; step += 1) {
      const cookie = jar?.header(url.pathname);
      const response = await fetch(url, {
        method: next.method,
        headers: { ...(cookie && { cookie }), ...headers },
        ...(next.body !== undefined && { body: next.body }),
        redirect: "manual",
        signal: AbortSignal.timeout(20_000),
      }).catch((error: Error) => {
        const { cause } = error as { cause?: { code?: string } };
        throw new RuleBroken(`${next.method} ${nameOf(url)} was not answered (${cause?.code ?? error.name})`);
      });
      const text = await response.text().catch(() => "");
      jar?.store(url, response.headers.getSetCookie());
      this.served.push({
        what: `${next.method} ${nameOf(url)}`,
        text: `${[...response.headers].map((pair) => pair.join(": ")).join("\n")}\n\n${text}`,
      });
      const target = response.headers.get("location");
      const location = target !== null && URL.canParse(target, url.href) ? new URL(target, url) : null;
      const redirected = response.status >= 300 && response.status < 400 && location;
      if (follow && redirected && location.origin === this.url.origin && step < 10) {
        url = location;
        if (response.status !== 307 && response.status !== 308) next = { method: "GET", body: undefined };
        continue;
      }
      return { status: response.status, headers: response.headers, text, json: parse(text), location };
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Cookies that an answer sets, without those that it deletes: by Max-Age, or by an Expires that is past. */
export const newCookies = ({ headers }: Reply) =>
  headers.getSetCookie().filter((cookie) => {
    const expires = /;\s*expires=([^;]+)/i.exec(cookie)?.[1];
    const isOver = expires !== undefined && Date.parse(expires) <= Date.now();
    return !/;\s*max-age=(0|-\d+)\s*(;|$)/i.test(cookie) && !isOver;
  });

/** A path for a report, without segments that could be a code or an id. */
export const nameOf = ({ pathname }: URL) =>
  pathname
    .split("/")
    .map((segment) =>
      /^[\w~-]{1,24}$|^[\w.~-]{1,60}\.\w{1,5}$/.test(segment) || segment === "" ? segment : "…",
    )
    .join("/");
