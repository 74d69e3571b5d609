/** `POST /embed/session`: a session for the frame, for the code that the window it opened has given it. */
import type { ActionFunctionArgs } from "@remix-run/node";
import { redeemCode } from "#app/auth/hand-over.server.ts";
import { isUnavailable, orUnavailable } from "#app/auth/session-store.server.ts";
import type { RouteHandle } from "#app/server/guard.server.ts";
import { problem } from "#app/server/problem.server.ts";
import { embedding } from "#app/server/security-headers.server.ts";

export const handle = { methods: ["POST"] } satisfies RouteHandle;

export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  if (!embedding()) return problem("not_found");
  const cookie = await orUnavailable(redeemCode(await request.json().catch(() => null)));
  if (isUnavailable(cookie)) return problem(cookie.code, { "retry-after": "5" });
  if (!cookie) return problem("not_signed_in");
  return new Response(null, { status: 204, headers: { "set-cookie": cookie, "cache-control": "no-store" } });
}
