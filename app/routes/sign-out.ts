/**
 * `POST /sign-out`: ends the session, or with `everywhere=1` all of this user's; at the provider too where it can. With
 * `embedded=1` it comes from a frame, where no provider and no other page of ours can be shown.
 */
import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { redirectConnection } from "#app/auth/connections.server.ts";
import { currentUser } from "#app/auth/current-user.server.ts";
import { clearSession, readSession, sessionStore } from "#app/auth/session.server.ts";
import { isUnavailable, orUnavailable, type Session } from "#app/auth/session-store.server.ts";
import { config } from "#app/config/config.server.ts";
import type { RouteHandle } from "#app/server/guard.server.ts";
import { interstitialRedirect } from "#app/server/interstitial-redirect.server.tsx";
import { log } from "#app/server/log.server.ts";
import { EMBED_PATH } from "#app/server/security-headers.server.ts";

export const handle = { methods: ["POST"] } satisfies RouteHandle;

export const loader = () => redirect("/sign-in");

export async function action({ request }: ActionFunctionArgs) {
  // A sign-out without a form is one too.
  const form = await request.formData().catch(() => null);
  const embedded = form?.get("embedded") === "1";
  const user = await orUnavailable(currentUser(request));
  const session = await orUnavailable(readSession(request));
  const ended =
    session === null || isUnavailable(session)
      ? session
      : await orUnavailable(end(session, form?.get("everywhere") === "1"));
  if (isUnavailable(ended)) {
    // The cookie goes all the same, as the browser may be shared; the page says what is left.
    log.warn({ event: "sign_out_incomplete" });
    return redirectTo(`${embedded ? EMBED_PATH : "/sign-in"}?problem=sign_out_incomplete`);
  }
  if (embedded) return redirectTo(EMBED_PATH);
  // The proxy would sign the user in again at the next request: only its own page can sign them out.
  const byProxy = !isUnavailable(user) && user?.hasSession === false ? user.signOutUrl : null;
  return leaveFor(byProxy ?? (session && !isUnavailable(session) ? await providerSignOut(session) : null));
}

async function end(session: Session, everywhere: boolean): Promise<void> {
  const store = sessionStore();
  await (everywhere && store.endAll ? store.endAll(session) : store.end(session));
}

async function providerSignOut({ adapterId }: Session): Promise<URL | null> {
  const connected = await redirectConnection(adapterId);
  return connected?.connection.signOutUrl?.(new URL("/sign-in", config().origin)) ?? null;
}

/** @param signOutUrl the sign-out page of the provider or the proxy */
const leaveFor = (signOutUrl: URL | null) =>
  signOutUrl ? interstitialRedirect(signOutUrl, cleared()) : redirectTo("/sign-in");

const redirectTo = (location: string) => redirect(location, { headers: cleared() });

function cleared(): Headers {
  const headers = new Headers({ "cache-control": "no-store" });
  for (const cookie of clearSession()) headers.append("set-cookie", cookie);
  return headers;
}
