/** Who is signed in: the session cookie, and the store that this deployment keeps sessions in. */
import { randomUUID } from "node:crypto";
import { parseCookie, stringifySetCookie } from "cookie";
import { config } from "#app/config.server.ts";
import { redis } from "#app/redis.server.ts";
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

/** @throws RecognitionError */
export async function readSession(request: Request): Promise<Session | null> {
  const value = parseCookie(request.headers.get("cookie") ?? "")[cookieName()];
  const session = value ? await sessionStore().read(value) : null;
  // An adapter that was switched off no longer vouches for anybody.
  return session && config().adapters.some(({ adapter }) => adapter.id === session.adapterId)
    ? session
    : null;
}

/**
 * Starts a session: the Set-Cookie header of a new one, never the old one continued.
 * @throws RecognitionError
 */
export async function startSession(adapterId: string, identity: Session["identity"]): Promise<string> {
  const ttl = config().sessionMaxAgeSeconds;
  return setCookie(await sessionStore().start({ id: randomUUID(), adapterId, identity }, ttl), ttl);
}

/** The Set-Cookie header that takes the session out of this browser. */
export const clearSession = () => setCookie("", 0);

const cookieName = () => (config().secureCookies ? "__Host-session" : "session");

function setCookie(value: string, maxAge: number): string {
  return stringifySetCookie({
    name: cookieName(),
    value,
    maxAge,
    httpOnly: true,
    secure: config().secureCookies,
    // Strict would lose the session on the way back from the identity provider.
    sameSite: "lax",
    path: "/",
  });
}
