/** `GET /`: to the figures, or to sign in. */
import { type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { currentUser } from "#app/auth/current-user.server.ts";
import { orUnavailable } from "#app/auth/session-store.server.ts";
import type { RouteHandle } from "#app/server/guard.server.ts";

export const handle = { methods: ["GET", "HEAD"] } satisfies RouteHandle;

export async function loader({ request }: LoaderFunctionArgs) {
  // The dashboard says when it cannot be known whether the user is signed in.
  return redirect((await orUnavailable(currentUser(request))) ? "/dashboard" : "/sign-in");
}
