/** The token endpoint: the client's proof, the code, and the faults armed for whose code it is. */
import { HttpResponse, http, type RequestHandler } from "msw";
import { proofOf } from "./clients.ts";
import type { Grant, RedeemFault } from "./codes.ts";
import type { Persona } from "./persona.ts";
import type { Provider } from "./provider.ts";

export type TokenRefusal = RedeemFault | "unknown_client" | "unsupported_grant_type";

export interface TokenDialect {
  path: string;
  succeed(grant: Grant, persona: Persona, request: Request): Response | Promise<Response>;
  refuse(refusal: TokenRefusal, request: Request): Response;
}

export function tokenHandler(provider: Provider, dialect: TokenDialect): RequestHandler {
  return http.post(dialect.path, async ({ request }) => {
    const form = new URLSearchParams(await request.text());
    const { method, clientId, client } = proofOf(request, form, provider.clients);
    const { grant, pkce, fault } = provider.codes.redeem(form.get("code") ?? "", {
      clientId: clientId ?? "",
      redirectUri: form.get("redirect_uri"),
      codeVerifier: form.get("code_verifier"),
    });
    const grantType = form.get("grant_type");
    const persona = grant && provider.personas.get(grant.personaId);
    const refusal =
      grantType !== "authorization_code" ? "unsupported_grant_type" : client ? fault : "unknown_client";

    const entry = provider.log.append({
      endpoint: "token",
      grant_type: grantType,
      client_id: clientId,
      client_auth: method,
      redirect_uri: form.get("redirect_uri"),
      pkce,
      persona: persona?.id ?? null,
      error: refusal,
      status: 0,
    });
    const broken = persona ? await brokenAnswer(provider, persona) : null;
    const answer = async () => {
      if (broken) return broken;
      if (refusal) return dialect.refuse(refusal, request);
      return grant && persona
        ? dialect.succeed(grant, persona, request)
        : dialect.refuse("unknown_code", request);
    };
    const response = await answer();
    entry.status = response.status;
    return response;
  });
}

/** What the armed faults answer in place of tokens, and when; null when it is left to the provider. */
export async function brokenAnswer(provider: Provider, { id }: Persona): Promise<Response | null> {
  const slow = provider.fire(id, "slow");
  if (slow) await provider.sleep(slow.delay_ms);
  switch (provider.fire(id, "token_500", "token_error_200", "token_redirect", "token_garbage")?.fault) {
    case "token_500":
      return new HttpResponse("upstream failure", { status: 500 });
    case "token_error_200":
      return HttpResponse.json({ error: "server_error", error_description: "text of the provider" });
    case "token_redirect":
      return new HttpResponse(null, { status: 302, headers: { location: "/elsewhere" } });
    case "token_garbage":
      return new HttpResponse('{"access_token": ', { headers: { "content-type": "application/json" } });
    default:
      return null;
  }
}
