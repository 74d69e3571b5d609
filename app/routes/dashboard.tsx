/** `GET /dashboard`: ensureCustomer, and the figures already in the HTML; the browser takes it from there. */
import { data, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { requireUser } from "#app/auth/current-user.server.ts";
import { type Away, isAway, orAway } from "#app/auth/recognition.server.ts";
import { sessionStore } from "#app/auth/session.server.ts";
import { DashboardPage } from "#app/components/dashboard-page.tsx";
import { UnavailablePage } from "#app/components/unavailable-page.tsx";
import { config } from "#app/config.server.ts";
import { localeOf } from "#app/http/locale.server.ts";
import type { RingsideFailure } from "#app/ringside/api.server.ts";
import { loadFigures } from "#app/ringside/figures.server.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.productName }];

export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;

export async function loader({ request }: LoaderFunctionArgs) {
  const { ringside, pollIntervalSeconds, productName, productLogoUrl } = config();
  // 503 tells monitors and crawlers the truth; people get a page that mends itself.
  const unavailable = (reason: RingsideFailure | Away) =>
    data({ ok: false, reason, productName } as const, { status: 503, headers: { "retry-after": "10" } });

  const user = await orAway(requireUser(request));
  if (isAway(user)) return unavailable(user.code);
  const figures = await loadFigures(user.owner);
  if (!figures.ok) return unavailable(figures.reason);
  const { name, email, avatarUrl } = user.identity;
  return data({
    ...figures,
    productName,
    user: { ...(name && { name }), ...(email && { email }), ...(avatarUrl && { avatarUrl }) },
    settings: {
      ringsideUrl: ringside.url.href,
      pollIntervalMs: pollIntervalSeconds * 1000,
      locale: localeOf(request),
      externalId: user.owner.externalId,
      canSignOutEverywhere: user.hasSession && sessionStore().endAll !== undefined,
      productName,
      productLogoUrl,
    },
  });
}

export { exceptOnSearch as shouldRevalidate } from "#app/revalidation.ts";

export default function Dashboard() {
  const page = useLoaderData<typeof loader>();
  if (!page.ok) return <UnavailablePage reason={page.reason} productName={page.productName} />;
  const { customer, daily, loadedAt, user, settings } = page;
  const figures = { customer, daily, loadedAt };
  // Another Customer is another page: nothing of the last one's state may stay.
  return <DashboardPage key={customer.id} {...figures} user={user} settings={settings} />;
}
