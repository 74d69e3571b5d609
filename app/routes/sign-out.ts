/** `POST /sign-out`: ends the session here, and at the provider where it has a page for that. */
import { type ActionFunctionArgs, redirect } from "@remix-run/node";
import { redirectConnection } from "#app/auth/connections.server.ts";
import { isSameOrigin } from "#app/auth/same-origin.server.ts";
import { endSession, readSession } from "#app/auth/session.server.ts";
import { config } from "#app/config.server.ts";
import { problem } from "#app/http/problem.server.ts";

export const loader = () => redirect("/sign-in");

export async function action({ request }: ActionFunctionArgs) {
  if (!isSameOrigin(request)) return problem("bad_origin");
  const session = await readSession(request);
  const connected = await redirectConnection(session?.adapterId);
  const away = connected?.connection.signOutUrl?.(new URL("/sign-in", config().origin));
  return redirect(away?.href ?? "/sign-in", {
    headers: { "set-cookie": endSession(session), "cache-control": "no-store" },
  });
}
