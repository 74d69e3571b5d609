/** `GET /dashboard`: ensureCustomer, and the figures already in the HTML; the browser takes it from there. */
import { data, type HeadersFunction, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { type ShouldRevalidateFunction, useLoaderData } from "@remix-run/react";
import { requireUser } from "#app/auth/current-user.server.ts";
import { DashboardPage } from "#app/components/dashboard-page.tsx";
import { UnavailablePage } from "#app/components/unavailable-page.tsx";
import { config } from "#app/config.server.ts";
import { localeOf } from "#app/http/locale.server.ts";
import { loadFigures } from "#app/ringside/figures.server.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.settings.productName }];

export const headers: HeadersFunction = ({ loaderHeaders }) => loaderHeaders;

export async function loader({ request }: LoaderFunctionArgs) {
  const user = await requireUser(request);
  const figures = await loadFigures(user.owner);
  const { ringside, pollIntervalSeconds, productName, productLogoUrl } = config();
  const { name, email, avatarUrl } = user.identity;
  return data(
    {
      figures,
      user: { ...(name && { name }), ...(email && { email }), ...(avatarUrl && { avatarUrl }) },
      settings: {
        ringsideUrl: ringside.url.href,
        pollIntervalMs: pollIntervalSeconds * 1000,
        locale: localeOf(request),
        externalId: user.owner.externalId,
        productName,
        productLogoUrl,
      },
    },
    // 503 tells monitors and crawlers the truth; people get a page that mends itself.
    figures.ok ? {} : { status: 503, headers: { "retry-after": "10" } },
  );
}

/** Another range or metric shows figures the page already has; only a fresh load of the page asks Ringside. */
export const shouldRevalidate: ShouldRevalidateFunction = ({
  currentUrl,
  nextUrl,
  defaultShouldRevalidate,
}) =>
  currentUrl.pathname === nextUrl.pathname && currentUrl.search !== nextUrl.search
    ? false
    : defaultShouldRevalidate;

export default function Dashboard() {
  const { figures, user, settings } = useLoaderData<typeof loader>();
  if (!figures.ok) return <UnavailablePage reason={figures.reason} productName={settings.productName} />;
  // Another Customer is another page: nothing of the last one's state may stay.
  return <DashboardPage key={figures.customer.id} {...figures} user={user} settings={settings} />;
}
