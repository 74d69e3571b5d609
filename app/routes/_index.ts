/** `GET /`: to the figures, or to sign in. */
import { type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { currentUser } from "#app/auth/current-user.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  return redirect((await currentUser(request)) ? "/dashboard" : "/sign-in");
}
