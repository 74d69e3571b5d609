/** Who is signed in: the session cookie, and the store that this deployment keeps sessions in. */
import { randomUUID } from "node:crypto";
import { parseCookie, stringifySetCookie } from "cookie";
import { config } from "#app/config/config.server.ts";
import { redis } from "#app/server/redis.server.ts";
import { createRedisSessions } from "./redis-sessions.server.ts";
import { createSealedSessions } from "./sealed-sessions.server.ts";
import type { Session, SessionStore } from "./session-store.server.ts";

let current: SessionStore | undefined;

/** Shared between processes when there is a Redis, else inside the cookies. */
export function sessionStore(): SessionStore {
  if (!current) {
    const { sessionSecrets } = config();
    const connection = redis();
    current = connection
      ? createRedisSessions(connection, sessionSecrets)
      : createSealedSessions(sessionSecrets);
  }
  return current;
}

/**
 * Where a session is of use: on our own pages, or in a frame on another site. Browsers keep the two apart, so that
 * neither cookie is ever sent where the other one belongs.
 */
type Place = "page" | "frame";

/** In our own pages' place first: a frame on a neighbour's page, on the same site, is sent that cookie too. @throws RecognitionError */
export async function readSession(request: Request): Promise<Session | null> {
  for (const place of allPlaces()) {
    const session = await sessionOf(cookieIn(request, place));
    if (session) return session;
  }
  return null;
}

/** What the cookie of our own pages holds, whether that is still a session or not. */
export const pageSession = (request: Request): string => cookieIn(request, "page");

/** The session of what a cookie holds; null when it has ended. @throws RecognitionError */
export async function sessionOf(value: string): Promise<Session | null> {
  const session = value ? await sessionStore().read(value) : null;
  // An adapter that was switched off no longer vouches for anybody.
  return config().adapters.some(({ adapter }) => adapter.id === session?.adapterId) ? session : null;
}

/**
 * Starts a session: the Set-Cookie header of a new one, never the old one continued.
 * @throws RecognitionError
 */
export async function startSession(adapterId: string, identity: Session["identity"]): Promise<string> {
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
