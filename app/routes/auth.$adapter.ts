/** `POST /auth/:adapter` starts signing in. */
import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { redirectConnection } from "#app/auth/connections.server.ts";
import { isAway, orAway } from "#app/auth/recognition.server.ts";
import { isSameOrigin } from "#app/auth/same-origin.server.ts";
import { sessionStore } from "#app/auth/session.server.ts";
import { refuseSignIn, startSignIn } from "#app/auth/sign-in.server.ts";
import { signInLimit } from "#app/server/limits.server.ts";
import { notFound } from "#app/server/not-found.server.ts";
import { problem } from "#app/server/problem.server.ts";
import { requestContext } from "#app/server/request-context.server.ts";

/** A GET never starts a sign-in: a link or an image could then sign somebody in as somebody else. */
export async function loader({ params }: LoaderFunctionArgs) {
  return (await redirectConnection(params["adapter"])) ? redirect("/sign-in") : notFound();
}

export async function action({ request, params }: ActionFunctionArgs) {
  const connected = await redirectConnection(params["adapter"]);
  if (!connected) return notFound();
  // Login CSRF: a hostile page could otherwise sign its visitor in and watch what they spend.
  if (!isSameOrigin(request)) return problem("bad_origin");
  const { id } = connected.adapter;
  const wait = await signInLimit(requestContext()?.address ?? "");
  if (wait !== null) return refuseSignIn(request, id, "rate_limited", wait);
  // Now, rather than after the person has gone to the provider and back for nothing.
  const store = await orAway(sessionStore().check());
  if (isAway(store)) return refuseSignIn(request, id, store.code, 5);
  return startSignIn(request, connected);
}
