/** `GET /sign-in`: one button per adapter (or per choice of one); plain forms that work without JavaScript. */
import { data, type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { connections, isRedirect } from "#app/auth/connections.server.ts";
import { currentUser } from "#app/auth/current-user.server.ts";
import { safeReturnPath } from "#app/auth/return-path.server.ts";
import { SignInPage } from "#app/components/sign-in-page.tsx";
import { config } from "#app/config.server.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `Sign in · ${data?.productName ?? ""}` },
];

export async function loader({ request }: LoaderFunctionArgs) {
  const query = new URL(request.url).searchParams;
  const returnTo = safeReturnPath(query.get("returnTo"));
  if (await currentUser(request)) throw redirect(returnTo);
  const options = (await connections()).filter(isRedirect).map(({ adapter, connection }) => ({
    adapterId: adapter.id,
    label: adapter.label,
    choices: connection.choices ?? null,
  }));
  const { productName, productLogoUrl } = config();
  return data({ options, returnTo, problem: query.get("problem"), productName, productLogoUrl });
}

export default function SignIn() {
  return <SignInPage {...useLoaderData<typeof loader>()} />;
}
