/** `GET /auth/:adapter/callback`: the provider sends the user back. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { redirectConnection } from "#app/auth/connections.server.ts";
import { finishSignIn } from "#app/auth/sign-in.server.ts";
import type { RouteHandle } from "#app/server/guard.server.ts";
import { problemFor } from "#app/server/problem.server.ts";

export const handle = { methods: ["GET"] } satisfies RouteHandle;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const connected = await redirectConnection(params["adapter"]);
  return connected ? finishSignIn(request, connected) : problemFor(request, "not_found");
}
