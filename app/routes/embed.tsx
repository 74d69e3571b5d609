/** `GET /embed`: the dashboard inside the pages of EMBED_ORIGINS; there is none while that is empty. */
import { data, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData, useLocation } from "@remix-run/react";
import { currentUser } from "#app/auth/current-user.server.ts";
import { orUnavailable } from "#app/auth/session-store.server.ts";
import { DashboardPage } from "#app/components/dashboard-page.tsx";
import { EmbedBar, EmbedSignIn } from "#app/components/embed.tsx";
import { UnavailablePage } from "#app/components/error-page.tsx";
import { config } from "#app/config/config.server.ts";
import { dashboardData } from "#app/routes/dashboard-data.server.ts";
import type { RouteHandle } from "#app/server/guard.server.ts";
import { problem } from "#app/server/problem.server.ts";
import { embedding } from "#app/server/security-headers.server.ts";

export const handle = { methods: ["GET", "HEAD"] } satisfies RouteHandle;

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.productName }];

export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;

export async function loader({ request }: LoaderFunctionArgs) {
  if (!embedding()) throw problem("not_found");
  const user = await orUnavailable(currentUser(request));
  if (user) return dashboardData(request, user);
  const incomplete = new URL(request.url).searchParams.get("problem") === "sign_out_incomplete";
  return data({ ok: false, reason: "signed_out", incomplete, productName: config().productName } as const);
}

export { exceptOnSearch as shouldRevalidate } from "#app/routes/revalidation.ts";

export default function Embed() {
  const page = useLoaderData<typeof loader>();
  const { pathname, search } = useLocation();
  if (!page.ok) {
    if (page.reason === "signed_out") return <EmbedSignIn incomplete={page.incomplete} />;
    return <UnavailablePage reason={page.reason} retryHref={pathname + search} />;
  }
  const { customer, daily, loadedAt, user, settings, canSignOut } = page;
  return (
    <DashboardPage
      key={customer.id}
      {...{ customer, daily, loadedAt, user, settings }}
      header={<EmbedBar user={user} canSignOut={canSignOut} />}
    />
  );
}
