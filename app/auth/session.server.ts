/**
 * Who is signed in, in one sealed cookie. It holds the Identity and nothing of the provider's tokens: they
 * would be readable wherever the cookie leaks, and we need them for nothing.
 */
import { randomUUID } from "node:crypto";
import { parseCookie, stringifySetCookie } from "cookie";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { identitySchema } from "#adapters/identity.ts";
import { config } from "#app/config.server.ts";
import { createSealer, type Sealer } from "./sealer.server.ts";

const sessionSchema = z.object({
  /** New at every sign-in, so that a session planted before it is worth nothing after it. */
  id: z.string().min(1),
  adapterId: z.string().min(1),
  identity: identitySchema,
});
export type Session = z.infer<typeof sessionSchema>;

/**
 * Sessions signed out in this process. A sealed cookie cannot be called back, so a copy of one would outlive
 * sign-out; this forgets at a restart and is not shared between processes.
 */
const signedOut = new LRUCache<string, true>({ max: 50_000 });

let sealer: Sealer | undefined;
const sessionSealer = () => {
  sealer ??= createSealer(config().sessionSecrets, "session");
  return sealer;
};

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

/** The session of a request; null when there is none, or it has expired, was signed out or tampered with. */
export async function readSession(request: Request): Promise<Session | null> {
  const value = parseCookie(request.headers.get("cookie") ?? "")[cookieName()];
  const payload = value ? await sessionSealer().open(value) : null;
  const session = sessionSchema.safeParse(payload);
  if (!session.success || signedOut.has(session.data.id)) return null;
  // An adapter that was switched off no longer vouches for anybody.
  if (!config().adapters.some(({ adapter }) => adapter.id === session.data.adapterId)) return null;
  return session.data;
}

/** Starts a session: the Set-Cookie header of a new one, never the old one continued. */
export async function startSession(adapterId: string, identity: Session["identity"]): Promise<string> {
  const ttl = config().sessionMaxAgeSeconds;
  const session: Session = { id: randomUUID(), adapterId, identity };
  return setCookie(await sessionSealer().seal(session, ttl), ttl);
}

/** Ends a session: the Set-Cookie header that clears it; a copy of the cookie stops working too. */
export function endSession(session: Session | null): string {
  if (session) signedOut.set(session.id, true);
  return setCookie("", 0);
}
