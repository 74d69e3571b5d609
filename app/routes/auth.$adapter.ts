/** `POST /auth/:adapter` starts signing in. */
import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { redirectConnection } from "#app/auth/connections.server.ts";
import { sessionStore } from "#app/auth/session.server.ts";
import { isUnavailable, orUnavailable } from "#app/auth/session-store.server.ts";
import { refuseSignIn, startSignIn } from "#app/auth/sign-in.server.ts";
import type { RouteHandle } from "#app/server/guard.server.ts";
import { signInLimit } from "#app/server/limits.server.ts";
import { requestContext } from "#app/server/log.server.ts";
import { problemFor } from "#app/server/problem.server.ts";

export const handle = { methods: ["POST"] } satisfies RouteHandle;

/** A GET never starts a sign-in: a link or an image could then sign a visitor in as another user. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  return (await redirectConnection(params["adapter"]))
    ? redirect("/sign-in")
    : problemFor(request, "not_found");
}

export async function action({ request, params }: ActionFunctionArgs) {
  const connected = await redirectConnection(params["adapter"]);
  if (!connected) return problemFor(request, "not_found");
  const { id } = connected.adapter;
  const wait = await signInLimit(requestContext()?.address ?? "");
  if (wait !== null) return refuseSignIn(request, id, "rate_limited", { retryAfterSeconds: wait });
  // Now, rather than after the user has gone to the provider and back for nothing.
  const store = await orUnavailable(sessionStore().check());
  if (isUnavailable(store)) return refuseSignIn(request, id, store.code, { retryAfterSeconds: 5 });
  return startSignIn(request, connected);
}
