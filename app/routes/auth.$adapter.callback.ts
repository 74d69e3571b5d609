/** `GET /auth/:adapter/callback`: the provider sends the person back. */
import type { LoaderFunctionArgs } from "@remix-run/node";
import { redirectConnection } from "#app/auth/connections.server.ts";
import { finishSignIn } from "#app/auth/sign-in.server.ts";
import { notFound } from "#app/server/not-found.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs) {
  const connected = await redirectConnection(params["adapter"]);
  return connected ? finishSignIn(request, connected) : notFound();
}
