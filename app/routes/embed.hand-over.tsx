/** `GET /embed/hand-over`: the window that a frame opens to sign in; it hands over to the frame, and closes. */
import { data, type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { requireUser } from "#app/auth/current-user.server.ts";
import { handOverCode } from "#app/auth/hand-over.server.ts";
import { isUnavailable, orUnavailable } from "#app/auth/session-store.server.ts";
import { UnavailablePage } from "#app/components/error-page.tsx";
import { HandOverPage } from "#app/components/hand-over.tsx";
import { config } from "#app/config/config.server.ts";
import type { RouteHandle } from "#app/server/guard.server.ts";
import { problem } from "#app/server/problem.server.ts";
import { embedding } from "#app/server/security-headers.server.ts";

export const handle = { methods: ["GET", "HEAD"] } satisfies RouteHandle;

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: data?.productName }];

export async function loader({ request }: LoaderFunctionArgs) {
  if (!embedding()) throw problem("not_found");
  const { productName } = config();
  const code = await orUnavailable(handOverCode(request));
  if (isUnavailable(code))
    return data({ unavailable: code.code, productName }, { status: 503, headers: { "retry-after": "5" } });
  // A user signed in by the proxy has no session that could be handed over.
  if (code === null) await requireUser(request);
  return data({ unavailable: null, code, productName });
}

export default function HandOver() {
  const page = useLoaderData<typeof loader>();
  const { productName } = page;
  if (page.unavailable !== null)
    return (
      <UnavailablePage reason={page.unavailable} retryHref="/embed/hand-over" productName={productName} />
    );
  return <HandOverPage code={page.code} productName={productName} />;
}
