/**
 * `POST /sign-out`: ends the session, or with `everywhere=1` all of this person's; at the provider too where it can.
 * With `embedded=1` it comes from a frame, where no provider and no other page of ours can be shown.
 */
import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { redirectConnection } from "#app/auth/connections.server.ts";
import { currentUser } from "#app/auth/current-user.server.ts";
import { isAway, orAway } from "#app/auth/recognition.server.ts";
import { clearSession, readSession, sessionStore } from "#app/auth/session.server.ts";
import type { Session } from "#app/auth/session-store.server.ts";
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
  const session = await orAway(readSession(request));
  // Without a session of ours, the proof on the request is somebody else's to take back.
  if (session === null) {
    if (embedded) return redirectTo(EMBED_PATH);
    const user = await orAway(currentUser(request));
    return leave((!isAway(user) && user?.signOutUrl) || null);
  }
  const ended = isAway(session) ? session : await orAway(end(session, form?.get("everywhere") === "1"));
  if (isAway(session) || isAway(ended)) {
    // This browser forgets it all the same, as it may not be the person's own; the page says what is left.
    log.warn({ event: "sign_out_incomplete" });
    return redirectTo(`${embedded ? EMBED_PATH : "/sign-in"}?problem=sign_out_incomplete`);
  }
  if (embedded) return redirectTo(EMBED_PATH);
  const connected = await redirectConnection(session.adapterId);
  const away = connected?.connection.signOutUrl?.(new URL("/sign-in", config().origin));
  return leave(away ?? null);
}

async function end(session: Session, everywhere: boolean): Promise<void> {
  const store = sessionStore();
  await (everywhere && store.endAll ? store.endAll(session) : store.end(session));
}

/** @param away the page for signing out that the provider or the proxy has */
const leave = (away: URL | null) => (away ? interstitialRedirect(away, cleared()) : redirectTo("/sign-in"));

const redirectTo = (location: string) => redirect(location, { headers: cleared() });

function cleared(): Headers {
  const headers = new Headers({ "cache-control": "no-store" });
  for (const cookie of clearSession()) headers.append("set-cookie", cookie);
  return headers;
}
