/** Who is signed in: the session cookie, and the store that this deployment keeps sessions in. */
import { randomUUID } from "node:crypto";
import { parseCookie, stringifySetCookie } from "cookie";
import { config } from "#app/config/config.server.ts";
import { redis } from "#app/server/redis.server.ts";
import { connectionFor } from "./connections.server.ts";
import { createCookieSessions } from "./cookie-sessions.server.ts";
import { createRedisSessions } from "./redis-sessions.server.ts";
import type { NewSession, Session, SessionStore } from "./session-store.server.ts";

let current: SessionStore | undefined;

/** Shared between processes when there is a Redis, else inside the cookies. */
export function sessionStore(): SessionStore {
  if (!current) {
    const connection = redis();
    current = connection ? createRedisSessions(connection, config()) : createCookieSessions(config());
  }
  return current;
}

/**
 * Where a session is used: on our own pages, or in a frame on another site. Browsers keep the two apart, so that neither
 * cookie is ever sent where the other one belongs.
 */
type Place = "page" | "frame";

/**
 * Our own pages' cookie counts first: a frame on another page of the same site is sent that one too.
 * @throws AuthUnavailable
 */
export async function readSession(request: Request): Promise<Session | null> {
  for (const place of allPlaces()) {
    const session = await sessionOf(cookieIn(request, place));
    if (session) return session;
  }
  return null;
}

/** What the cookie of our own pages holds, whether that is still a session or not. */
export const pageSession = (request: Request): string => cookieIn(request, "page");

/**
 * The session of a cookie's value; null when it has ended. It ends too when its adapter is switched off, or configured
 * for another issuer: the subject would be another user there.
 * @throws AuthUnavailable
 */
export async function sessionOf(value: string): Promise<Session | null> {
  const session = value ? await sessionStore().read(value) : null;
  return session && (await connectionFor(session.adapterId, session.identity)) ? session : null;
}

/**
 * Starts a session: the Set-Cookie header of a new one, never the old one continued.
 * @throws AuthUnavailable @throws AdapterError when it does not fit into a cookie
 */
export async function startSession(adapterId: string, identity: NewSession["identity"]): Promise<string> {
  const { sessionMaxAgeSeconds } = config();
  const session = { id: randomUUID(), adapterId, identity };
  const value = await sessionStore().start(session, sessionMaxAgeSeconds);
  return setCookie("page", value, sessionMaxAgeSeconds);
}

/** The Set-Cookie header that gives a frame the session that a window has; its expiry, inside, stays what it was. */
export const shareSession = (value: string) => setCookie("frame", value, config().sessionMaxAgeSeconds);

/** The Set-Cookie headers that take the session out of this browser. */
export const clearSession = () => allPlaces().map((place) => setCookie(place, "", 0));

const allPlaces = (): Place[] => (config().embedOrigins.length > 0 ? ["page", "frame"] : ["page"]);

const cookieIn = (request: Request, place: Place) =>
  parseCookie(request.headers.get("cookie") ?? "")[cookieName(place)] ?? "";

const cookieName = (place: Place) =>
  place === "frame" ? "__Host-embed" : config().secureCookies ? "__Host-session" : "session";

function setCookie(place: Place, value: string, maxAge: number): string {
  return stringifySetCookie({
    name: cookieName(place),
    value,
    maxAge,
    httpOnly: true,
    path: "/",
    ...(place === "frame"
      ? // Partitioned: one jar for each site around the frame, none of which is that of our own pages.
        { secure: true, sameSite: "none", partitioned: true }
      : // Strict would lose the session on the way back from the identity provider.
        { secure: config().secureCookies, sameSite: "lax" }),
  });
}
