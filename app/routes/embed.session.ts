/** `POST /embed/session`: a session for the frame, for the code that the window it opened has given it. */
import type { ActionFunctionArgs } from "@remix-run/node";
import { redeemCode } from "#app/auth/hand-over.server.ts";
import { isAway, orAway } from "#app/auth/recognition.server.ts";
import { isSameOrigin } from "#app/auth/same-origin.server.ts";
import { embedding } from "#app/server/framing.server.ts";
import { notFound } from "#app/server/not-found.server.ts";
import { problem } from "#app/server/problem.server.ts";

export const loader = () => (embedding() ? problem("method_not_allowed", { allow: "POST" }) : notFound());

export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  if (!embedding()) return notFound();
  if (request.method !== "POST") return problem("method_not_allowed", { allow: "POST" });
  if (!isSameOrigin(request)) return problem("bad_origin");
  const cookie = await orAway(redeemCode(await request.json().catch(() => null)));
  if (isAway(cookie)) return problem(cookie.code, { "retry-after": "5" });
  if (!cookie) return problem("not_signed_in");
  return new Response(null, { status: 204, headers: { "set-cookie": cookie, "cache-control": "no-store" } });
}
