/** `GET /`: to the figures, or to sign in. */
import { type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { currentUser } from "#app/auth/current-user.server.ts";
import { orAway } from "#app/auth/recognition.server.ts";
import type { RouteHandle } from "#app/server/guard.server.ts";

export const handle = { methods: ["GET", "HEAD"] } satisfies RouteHandle;

export async function loader({ request }: LoaderFunctionArgs) {
  // Whoever cannot be recognised at the moment is told so by the dashboard.
  return redirect((await orAway(currentUser(request))) ? "/dashboard" : "/sign-in");
}
