/** `POST /api/mint-client-token`: the gatekeeper between our session and Ringside's mint. */
import type { ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { currentUser } from "#app/auth/current-user.server.ts";
import { isUnavailable, orUnavailable } from "#app/auth/session-store.server.ts";
import type { MintProblem } from "#app/ringside/http.ts";
import { mintFor, SessionChangedError } from "#app/ringside/minting.server.ts";
import { ringsideAccess } from "#app/ringside/ringside.server.ts";
import { type MintedToken, PROBLEM_OF, RingsideError } from "#app/ringside/server-client.server.ts";
import type { RouteHandle } from "#app/server/guard.server.ts";
import { mintLimit } from "#app/server/limits.server.ts";
import { log } from "#app/server/log.server.ts";
import { mints } from "#app/server/metrics.server.ts";
import { problem } from "#app/server/problem.server.ts";

export const handle = { methods: ["POST"] } satisfies RouteHandle;

export async function action({ request }: ActionFunctionArgs): Promise<Response> {
  const outcome = await mint(request);
  mints.inc({ outcome: "problem" in outcome ? outcome.problem : "ok" });
  if ("problem" in outcome) return problem(outcome.problem, outcome.headers);
  const { answer, date } = outcome;
  // The browser reads the token's lifetime off these two clocks being one: Ringside's, not this server's.
  return Response.json(answer, { headers: { "cache-control": "no-store", ...(date && { date }) } });
}

interface Refusal {
  problem: MintProblem;
  headers?: Record<string, string>;
}

async function mint(request: Request): Promise<MintedToken | Refusal> {
  const user = await orUnavailable(currentUser(request));
  if (isUnavailable(user)) return { problem: user.code, headers: { "retry-after": "5" } };
  if (!user) return { problem: "not_signed_in" };
  const wait = await mintLimit(user.limitKey);
  if (wait !== null) return { problem: "rate_limited", headers: { "retry-after": String(wait) } };

  try {
    return await mintFor(user.owner, await expectedCustomer(request), ringsideAccess());
  } catch (error) {
    if (error instanceof SessionChangedError) return { problem: "session_changed" };
    if (!(error instanceof RingsideError)) throw error;
    log.warn({ event: "mint_failed", failure: error.failure, detail: error.message });
    const retryAfter = error.retryAfter ? { "retry-after": error.retryAfter } : {};
    return { problem: PROBLEM_OF[error.failure], headers: retryAfter };
  }
}

const expectation = z.object({ customer: z.string().max(255) });

/** The Customer the asking page shows. The body can only make us refuse: whose token it is, the session says. */
async function expectedCustomer(request: Request): Promise<string | null> {
  const body = expectation.safeParse(await request.json().catch(() => null));
  return body.success ? body.data.customer : null;
}
