/** `GET /sign-in`: one button per adapter (or per choice of one); plain forms that work without JavaScript. */
import {
  data,
  type HeadersFunction,
  type LoaderFunctionArgs,
  type MetaFunction,
  redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { connections, isRedirect } from "#app/auth/connections.server.ts";
import { currentUser } from "#app/auth/current-user.server.ts";
import { safeReturnPath } from "#app/auth/return-path.server.ts";
import { sessionStore } from "#app/auth/session.server.ts";
import { isUnavailable, orUnavailable } from "#app/auth/session-store.server.ts";
import { SignInPage } from "#app/components/sign-in-page.tsx";
import { config } from "#app/config/config.server.ts";
import type { RouteHandle } from "#app/server/guard.server.ts";

export const handle = { methods: ["GET", "HEAD"] } satisfies RouteHandle;

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Sign in · ${data?.productName ?? ""}` },
];

export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;

export async function loader({ request }: LoaderFunctionArgs) {
  const query = new URL(request.url).searchParams;
  const returnTo = safeReturnPath(query.get("returnTo"));
  const [user, store] = await Promise.all([
    orUnavailable(currentUser(request)),
    orUnavailable(sessionStore().check()),
  ]);
  const unavailable = [user, store].find(isUnavailable);
  if (user && !unavailable) throw redirect(returnTo);
  const options = (await connections()).filter(isRedirect).map(({ adapter, connection }) => ({
    adapterId: adapter.id,
    label: connection.label ?? adapter.label,
    choices: connection.choices ?? null,
  }));
  const proxies = (await connections()).flatMap(({ adapter, connection }) =>
    connection.kind === "proxy-authenticated"
      ? [{ label: connection.label ?? adapter.label, href: connection.signInUrl?.href ?? null }]
      : [],
  );
  const { productName, productLogoUrl } = config();
  const problem = query.get("problem") ?? unavailable?.code ?? null;
  return data(
    { options, proxies, returnTo, problem, productName, productLogoUrl },
    unavailable ? { status: 503, headers: { "retry-after": "5" } } : {},
  );
}

export default function SignIn() {
  return <SignInPage {...useLoaderData<typeof loader>()} />;
}
