/** `GET /dashboard`: ensureCustomer, and the figures already in the HTML; the browser takes it from there. */
import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { requireUser } from "#app/auth/current-user.server.ts";
import { orUnavailable } from "#app/auth/session-store.server.ts";
import { DashboardPage } from "#app/components/dashboard-page.tsx";
import { UnavailablePage } from "#app/components/error-page.tsx";
import { dashboardData } from "#app/routes/dashboard-data.server.ts";
import type { RouteHandle } from "#app/server/guard.server.ts";

export const handle = { methods: ["GET", "HEAD"] } satisfies RouteHandle;

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.productName }];

export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;

export async function loader({ request }: LoaderFunctionArgs) {
  return dashboardData(request, await orUnavailable(requireUser(request)));
}

export { exceptOnSearch as shouldRevalidate } from "#app/routes/revalidation.ts";

export default function Dashboard() {
  const page = useLoaderData<typeof loader>();
  if (!page.ok) return <UnavailablePage reason={page.reason} productName={page.productName} />;
  const { customer, daily, loadedAt, user, settings } = page;
  const figures = { customer, daily, loadedAt };
  // Another Customer is another page: nothing of the last one's state may stay.
  return <DashboardPage key={customer.id} {...figures} user={user} settings={settings} />;
}
