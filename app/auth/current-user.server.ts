/** Who is asking, and which Customer is theirs: by session cookie, or by the proof a proxy put on the request. */
import { redirect } from "@remix-run/node";
import { type Identity, isAdapterError } from "#adapters/adapter.ts";
import { checkIdentity } from "#adapters/identity.ts";
import { config } from "#app/config/config.server.ts";
import { externalIdFor } from "#app/config/external-id.server.ts";
import type { CustomerOwner } from "#app/ringside/customers.server.ts";
import { log } from "#app/server/log.server.ts";
import { type Connected, connections } from "./connections.server.ts";
import { isAway, orAway, RecognitionError } from "./recognition.server.ts";
import { readSession } from "./session.server.ts";

export interface CurrentUser {
  identity: Identity;
  owner: CustomerOwner;
  /** What limits are counted by: one person on one device, or one person where there are no sessions. */
  limitKey: string;
  /** False where the request itself carries the proof: there is nothing of ours to end. */
  hasSession: boolean;
  /** Where what put the proof on the request lets people sign out; null when there is no such page. */
  signOutUrl: URL | null;
}

/** The signed-in user; null when nobody is. @throws RecognitionError */
export async function currentUser(request: Request): Promise<CurrentUser | null> {
  const all = await connections();
  const session = await readSession(request);
  const signedIn = session && all.find(({ adapter }) => adapter.id === session.adapterId);
  if (signedIn)
    return {
      ...userOf(signedIn, session.identity),
      limitKey: session.id,
      hasSession: true,
      signOutUrl: null,
    };

  let unverifiable: RecognitionError | undefined;
  for (const connected of all) {
    const identity = await orAway(ambientIdentity(connected, request));
    if (isAway(identity)) unverifiable = identity;
    if (!identity || isAway(identity)) continue;
    const limitKey = `${identity.issuer} ${identity.subject}`;
    const signOutUrl = (connected.connection.kind === "ambient" && connected.connection.signOutUrl) || null;
    return { ...userOf(connected, identity), limitKey, hasSession: false, signOutUrl };
  }
  if (unverifiable) throw unverifiable;
  return null;
}

/**
 * The signed-in user, or a redirect to sign in and come back. For pages; never for the API.
 * @throws RecognitionError
 */
export async function requireUser(request: Request): Promise<CurrentUser> {
  const user = await currentUser(request);
  if (user) return user;
  const { pathname, search } = new URL(request.url);
  throw redirect(`/sign-in?${new URLSearchParams({ returnTo: pathname + search })}`);
}

/**
 * A bad proof is nobody: the request may still hold a good one for another adapter. One that cannot be checked at the
 * moment may well be good.
 */
async function ambientIdentity(
  { adapter, connection }: Connected,
  request: Request,
): Promise<Identity | null> {
  if (connection.kind !== "ambient") return null;
  try {
    const identity = await connection.identify(request);
    return identity && checkIdentity(identity);
  } catch (error) {
    if (!isAdapterError(error)) throw error;
    log.warn({ event: "proof_refused", adapter: adapter.id, code: error.code, detail: error.message });
    if (error.code === "provider_unavailable")
      throw new RecognitionError("proof_unverifiable", { cause: error });
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
