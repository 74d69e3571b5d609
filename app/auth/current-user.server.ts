/** Which user sends a request, and which Customer is theirs: by session cookie, or by the token (JWT) of a proxy. */
import { redirect } from "@remix-run/node";
import { type Identity, isAdapterError } from "#adapters/adapter.ts";
import { checkIdentity } from "#adapters/identity.ts";
import { config } from "#app/config/config.server.ts";
import { externalIdFor } from "#app/config/external-id.server.ts";
import type { CustomerOwner } from "#app/ringside/customers.server.ts";
import { log } from "#app/server/log.server.ts";
import { type Connected, connectionFor, connections } from "./connections.server.ts";
import { readSession } from "./session.server.ts";
import { AuthUnavailable, isUnavailable, orUnavailable } from "./session-store.server.ts";

export interface CurrentUser {
  identity: Identity;
  owner: CustomerOwner;
  /** What limits are counted by: one user on one device, or one user where there are no sessions. */
  limitKey: string;
  /** False where the proxy's token says who it is: the app has no session to end. */
  hasSession: boolean;
  /** The proxy's own sign-out page; null when there is none. */
  signOutUrl: URL | null;
}

/** The signed-in user, or null. @throws AuthUnavailable */
export async function currentUser(request: Request): Promise<CurrentUser | null> {
  const [byToken, bySession] = [await userByToken(request), await userBySession(request)];
  if (!byToken || !bySession) return byToken ?? bySession;
  // The proxy has verified who sends this very request; the cookie may be of the person who used the browser before.
  return isSameUser(byToken, bySession) ? bySession : byToken;
}

const isSameUser = ({ identity: a }: CurrentUser, { identity: b }: CurrentUser) =>
  a.issuer === b.issuer && a.subject === b.subject;

/**
 * The signed-in user, or a redirect to sign in and come back. For pages; never for the API.
 * @throws AuthUnavailable
 */
export async function requireUser(request: Request): Promise<CurrentUser> {
  const user = await currentUser(request);
  if (user) return user;
  const { pathname, search } = new URL(request.url);
  throw redirect(`/sign-in?${new URLSearchParams({ returnTo: pathname + search })}`);
}

async function userBySession(request: Request): Promise<CurrentUser | null> {
  const session = await readSession(request);
  const connected = session && (await connectionFor(session.adapterId, session.identity));
  if (!connected) return null;
  return {
    ...userOf(connected, session.identity),
    limitKey: session.id,
    hasSession: true,
    signOutUrl: null,
  };
}

async function userByToken(request: Request): Promise<CurrentUser | null> {
  let unavailable: AuthUnavailable | undefined;
  for (const connected of await connections()) {
    const identity = await orUnavailable(tokenIdentity(connected, request));
    if (isUnavailable(identity)) unavailable = identity;
    if (!identity || isUnavailable(identity)) continue;
    const limitKey = `${identity.issuer} ${identity.subject}`;
    const signOutUrl =
      (connected.connection.kind === "proxy-authenticated" && connected.connection.signOutUrl) || null;
    return { ...userOf(connected, identity), limitKey, hasSession: false, signOutUrl };
  }
  if (unavailable) throw unavailable;
  return null;
}

/**
 * An invalid token counts as none: the request may hold a valid one for another adapter. One that cannot be verified at
 * the moment may be valid.
 */
async function tokenIdentity({ adapter, connection }: Connected, request: Request): Promise<Identity | null> {
  if (connection.kind !== "proxy-authenticated") return null;
  try {
    const identity = await connection.identify(request);
    return identity && checkIdentity(identity, connection.issuers);
  } catch (error) {
    if (!isAdapterError(error)) throw error;
    log.warn({ event: "proof_refused", adapter: adapter.id, code: error.code, detail: error.message });
    if (error.code === "provider_unavailable")
      throw new AuthUnavailable("proof_unverifiable", { cause: error });
    return null;
  }
}

function userOf({ adapter }: Connected, identity: Identity): Pick<CurrentUser, "identity" | "owner"> {
  return {
    identity,
    owner: {
      externalId: externalIdFor(adapter, identity, config().externalIdTemplate),
      ...(identity.name && { name: identity.name }),
      metadata: { auth_adapter: adapter.id },
    },
  };
}
