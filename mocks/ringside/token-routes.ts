/** Both documented mints. They differ in how they name the Customer, the origin and the endpoints. */
import { HttpResponse, http } from "msw";
import { customerMintRequest, mintRequest } from "#app/ringside/contract.ts";
import type { Account } from "./account.ts";
import { invalid, readBody, refusal } from "./refuse.ts";
import type { Grant } from "./tokens.ts";
import type { World } from "./world.ts";

const DEFAULT_TTL_SECONDS = 900;

export function tokenRoutes({ gate, ledger, tokens }: World) {
  async function mint(account: Account | undefined, grant: Omit<Grant, "customerId">): Promise<Response> {
    if (!account) throw refusal(404, "customer_not_found", "No such Customer.");
    for (const origin of grant.origins) {
      if (!isOrigin(origin)) throw invalid(`${origin} is not an origin, such as https://app.example.`);
    }
    for (const endpoint of grant.endpoints) {
      if (!/^\/v1\/[^?#\s]+$/.test(endpoint)) throw invalid(`${endpoint} is not a path, such as /v1/usage.`);
    }
    const ttlSeconds = account.tokenTtlSeconds(grant.ttlSeconds);
    return HttpResponse.json(
      await tokens.mint({ customerId: account.id, ...grant, ttlSeconds }, account.now()),
      { status: 201 },
    );
  }

  return [
    http.post("/v1/client_tokens", async ({ request }) => {
      await gate.server(request);
      const body = await readBody(request, mintRequest);
      return mint(ledger.byId(body.customer), {
        origins: [body.origin],
        // Nothing listed means nothing allowed: a forgotten list must not open everything.
        endpoints: body.allowed_endpoints ?? [],
        ttlSeconds: body.ttl_seconds ?? DEFAULT_TTL_SECONDS,
      });
    }),

    http.post<{ ref: string }>("/v1/customers/:ref/client_tokens", async ({ request, params }) => {
      await gate.server(request);
      const body = await readBody(request, customerMintRequest);
      const account = ledger.find(params.ref);
      return mint(account, {
        origins: body.origin_allowlist,
        endpoints: (body.scope ?? []).map((scope) => endpointOf(scope, account?.id ?? "")),
        ttlSeconds: body.ttl_seconds ?? DEFAULT_TTL_SECONDS,
      });
    }),
  ];
}

/** No page lists the scopes but `chat`; `customer` and `usage` are ours, and a path stands for itself. */
function endpointOf(scope: string, customerId: string): string {
  switch (scope) {
    case "chat":
      return "/v1/chat/completions";
    case "customer":
      return `/v1/customers/${customerId}`;
    case "usage":
      return "/v1/usage";
    default:
      return scope;
  }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
