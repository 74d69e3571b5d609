/**
 * Keeps each sign-in attempt from the redirect to the callback, around every redirect adapter, so that no adapter has
 * to. What an adapter's `start` puts into cookies never reaches the browser as it is: it is sealed,
 * with the adapter's id, the `state` and the return path, into one cookie per attempt.
 *
 * One per attempt, because a shared one lets the second tab overwrite the first; found by the `state` itself and
 * not by a prefix of cookie names; cleared by the first callback, whatever it brings; few, so that abandoned
 * attempts never make the request header too large to be served.
 */
import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import { parseCookie, parseSetCookie, stringifySetCookie } from "cookie";
import * as z from "zod";
import { AdapterError, type RedirectConnection } from "./adapter.ts";

export const ATTEMPT_MAX_AGE_SECONDS = 600;
const MAX_ATTEMPTS = 4;
/** Browsers silently drop larger cookies. */
const MAX_COOKIE_BYTES = 3_800;
/** For all attempts together: Node refuses requests with more than 16 kB of headers. */
const MAX_TOTAL_BYTES = 8_000;

/** Encrypts and authenticates; given by the app, which owns the secrets. */
export interface Sealer {
  seal(payload: Record<string, unknown>, ttlSeconds: number): Promise<string>;
  /** The payload; null when it was not sealed by this app, or has expired. */
  open(token: string): Promise<Record<string, unknown> | null>;
}

export interface AttemptOptions {
  sealer: Sealer;
  secureCookies: boolean;
  appOrigin: URL;
  /**
   * True for the first call with an id, false for every later one, in whichever process. Given by the app. An attempt
   * is used up before the adapter sees the callback, so a replay never reaches the provider.
   */
  claimOnce(attempt: { id: string; issuedAt: number }): Promise<boolean>;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

export interface Begin {
  adapterId: string;
  connection: Pick<RedirectConnection, "origins">;
  /** The browser's own request, for the attempts it already carries. */
  request: Request;
  /** What the adapter's `start` answered. */
  response: Response;
  returnTo: string;
}

/** `clear` are Set-Cookie headers that belong on the answer, whether the attempt goes on or not. */
export type Resumed =
  | { ok: true; request: Request; returnTo: string; clear: string[] }
  | { ok: false; error: AdapterError; clear: string[] };

/** Characters of 128 bits in base64url. */
const MIN_STATE_LENGTH = 22;

const attemptSchema = z.object({
  id: z.string(),
  adapterId: z.string(),
  state: z.string(),
  returnTo: z.string(),
  startedAt: z.number(),
  cookies: z.record(z.string(), z.string()),
});

export function createAttempts({
  sealer,
  secureCookies,
  appOrigin,
  claimOnce,
  now = Date.now,
}: AttemptOptions) {
  const attemptCookies = createAttemptCookies(secureCookies);

  /** The state of a redirect that this connection may answer. @throws Error saying what is wrong with it */
  function stateOf(response: Response, origins: readonly string[]): string {
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || !location || !URL.canParse(location, appOrigin))
      throw new Error("did not answer with a redirect");
    const target = new URL(location, appOrigin);
    if (target.origin !== appOrigin.origin && !origins.includes(target.origin))
      throw new Error("redirects to an origin that the connection does not declare");
    const state = target.searchParams.get("state") ?? "";
    if (state.length < MIN_STATE_LENGTH)
      throw new Error(`redirects without a state of at least ${MIN_STATE_LENGTH} characters`);
    return state;
  }

  return {
    /**
     * The redirect that the browser gets: the adapter's own, with its cookies sealed into the attempt's.
     * @throws Error naming the adapter when its redirect has no proper `state`, leads to an undeclared origin,
     *   or keeps more than a cookie holds
     */
    async begin({ adapterId, connection, request, response, returnTo }: Begin): Promise<Response> {
      try {
        const state = stateOf(response, connection.origins);
        const cookies = cookiesSetBy(response);
        const attempt = { id: randomUUID(), adapterId, state, returnTo, startedAt: now(), cookies };
        const sealed = await sealer.seal(attempt, ATTEMPT_MAX_AGE_SECONDS);
        // A new Response, because those of Response.redirect() have immutable headers.
        const headers = new Headers(response.headers);
        headers.delete("set-cookie");
        for (const cookie of attemptCookies.add(request, attemptCookies.nameFor(state), sealed))
          headers.append("set-cookie", cookie);
        headers.set("cache-control", "no-store");
        return new Response(null, { status: response.status, headers });
      } catch (error) {
        const fault = error instanceof Error ? error.message : String(error);
        throw new Error(`Start of adapter ${adapterId}: ${fault}`, { cause: error });
      }
    },

    /**
     * The request for the adapter's `finish`: the callback's query, the cookies of its own `start`, and nothing
     * else of the browser's. Not ok (`invalid_state`) when this browser has no such attempt, or it was used.
     */
    async resume({ adapterId, request }: { adapterId: string; request: Request }): Promise<Resumed> {
      const { pathname, search, searchParams } = new URL(request.url);
      const state = searchParams.get("state") ?? "";
      const name = attemptCookies.nameFor(state);
      const sealed = attemptCookies.read(request, name);
      const clear = sealed ? [attemptCookies.clear(name)] : [];
      const refuse = (fault: string): Resumed => ({
        ok: false,
        error: new AdapterError("invalid_state", fault),
        clear,
      });
      if (!state) return refuse("the callback has no state");
      if (!sealed) return refuse("this browser has no attempt of that state");

      const attempt = attemptSchema.safeParse(await sealer.open(sealed)).data;
      if (!attempt) return refuse("the attempt's cookie was not sealed here or has expired");
      if (attempt.adapterId !== adapterId) return refuse("the attempt belongs to another adapter");
      if (!timingSafeEqual(digest(attempt.state), digest(state))) return refuse("the state is another one");
      if (now() - attempt.startedAt > ATTEMPT_MAX_AGE_SECONDS * 1000) return refuse("the attempt is too old");
      if (!(await claimOnce({ id: attempt.id, issuedAt: attempt.startedAt })))
        return refuse("the attempt was used");

      // Behind a proxy the request's own origin may be an internal one.
      const url = new URL(appOrigin);
      url.pathname = pathname;
      url.search = search;
      const cookie = Object.entries(attempt.cookies).map(([key, value]) => `${key}=${value}`);
      const headers = { cookie: cookie.join("; ") };
      return { ok: true, request: new Request(url, { headers }), returnTo: attempt.returnTo, clear };
    },
  };
}

interface AttemptCookies {
  nameFor(state: string): string;
  /** The value in a request, if there is one. */
  read(request: Request, name: string): string | undefined;
  /** Set-Cookie headers for a new attempt, with those that make room for it. @throws RangeError when too large */
  add(request: Request, name: string, value: string): string[];
  /** The Set-Cookie header that ends an attempt. */
  clear(name: string): string;
}

/** @param secure whether cookies can carry `Secure`; without it they cannot be `__Host-` either */
function createAttemptCookies(secure: boolean): AttemptCookies {
  const prefix = secure ? "__Host-flow-" : "flow-";
  const setCookie = (name: string, value: string, maxAge: number) =>
    // Strict would lose the attempt on the way back, which is a navigation from another site.
    stringifySetCookie({ name, value, maxAge, httpOnly: true, secure, sameSite: "lax", path: "/" });
  const clear = (name: string) => setCookie(name, "", 0);

  /** The attempts that must go. A Cookie header lists the oldest first. */
  function surplus(request: Request, newBytes: number): string[] {
    const retained = { count: 1, bytes: newBytes };
    return attemptsOf(request)
      .reverse()
      .filter(({ bytes }) => {
        retained.count += 1;
        retained.bytes += bytes;
        return retained.count > MAX_ATTEMPTS || retained.bytes > MAX_TOTAL_BYTES;
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
      const cookie = setCookie(name, value, ATTEMPT_MAX_AGE_SECONDS);
      if (cookie.length > MAX_COOKIE_BYTES)
        throw new RangeError(`its cookie would have ${cookie.length} bytes, over ${MAX_COOKIE_BYTES}`);
      return [...surplus(request, cookie.length).map(clear), cookie];
    },
    clear,
  };
}

const cookiesOf = (request: Request) => parseCookie(request.headers.get("cookie") ?? "");

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Byte for byte; of two cookies with one name the last wins, as in a browser. */
function cookiesSetBy(response: Response): Record<string, string> {
  const verbatim = { decode: (value: string) => value };
  const parsed = response.headers.getSetCookie().map((header) => parseSetCookie(header, verbatim));
  return Object.fromEntries(parsed.map(({ name, value = "" }) => [name, value]));
}
