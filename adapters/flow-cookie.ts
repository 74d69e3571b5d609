/** How the cookie of one sign-in attempt looks, and how many of them a browser is left with. */
import { createHash } from "node:crypto";
import { parseCookie, stringifySetCookie } from "cookie";

export const FLOW_MAX_AGE_SECONDS = 600;
const MAX_ATTEMPTS = 4;
/** Browsers drop larger cookies without a word. */
const MAX_COOKIE_BYTES = 3_800;
/** For all attempts together: Node refuses requests with more than 16 kB of headers. */
const MAX_TOTAL_BYTES = 8_000;

export interface FlowCookies {
  nameFor(state: string): string;
  /** The value in a request, if there is one. */
  read(request: Request, name: string): string | undefined;
  /** Set-Cookie headers for a new attempt, with those that make room for it. @throws RangeError when too large */
  add(request: Request, name: string, value: string): string[];
  /** The Set-Cookie header that ends an attempt. */
  clear(name: string): string;
}

/** @param secure whether cookies can carry `Secure`; without it they cannot be `__Host-` either */
export function createFlowCookies(secure: boolean): FlowCookies {
  const prefix = secure ? "__Host-flow-" : "flow-";
  const setCookie = (name: string, value: string, maxAge: number) =>
    // Strict would lose the attempt on the way back, which is a navigation from another site.
    stringifySetCookie({ name, value, maxAge, httpOnly: true, secure, sameSite: "lax", path: "/" });
  const clear = (name: string) => setCookie(name, "", 0);

  /** The attempts that must go. A Cookie header lists the oldest first. */
  function surplus(request: Request, newBytes: number): string[] {
    const kept = { count: 1, bytes: newBytes };
    return attemptsOf(request)
      .reverse()
      .filter(({ bytes }) => {
        kept.count += 1;
        kept.bytes += bytes;
        return kept.count > MAX_ATTEMPTS || kept.bytes > MAX_TOTAL_BYTES;
      })
      .map(({ name }) => name);
  }

  const attemptsOf = (request: Request) =>
    Object.entries(cookiesOf(request)).flatMap(([name, value = ""]) =>
      name.startsWith(prefix) ? [{ name, bytes: name.length + value.length }] : [],
    );

  return {
    nameFor: (state) => prefix + createHash("sha256").update(state).digest("base64url").slice(0, 16),
    read: (request, name) => cookiesOf(request)[name],
    add(request, name, value) {
      const cookie = setCookie(name, value, FLOW_MAX_AGE_SECONDS);
      if (cookie.length > MAX_COOKIE_BYTES)
        throw new RangeError(`its cookie would have ${cookie.length} bytes, over ${MAX_COOKIE_BYTES}`);
      return [...surplus(request, cookie.length).map(clear), cookie];
    },
    clear,
  };
}

const cookiesOf = (request: Request) => parseCookie(request.headers.get("cookie") ?? "");
