/** The token endpoint: client authentication, the code, and the faults that are armed for the code's persona. */
import { http, type RequestHandler } from "msw";
import { tokenFault } from "./faults.ts";
import type { Client, Persona } from "./mock.ts";
import type { Grant, Provider, RedeemFault } from "./provider.ts";

export type TokenRefusal = RedeemFault | "unknown_client" | "unsupported_grant_type";

export interface TokenDialect {
  path: string;
  succeed(grant: Grant, persona: Persona, request: Request): Response | Promise<Response>;
  refuse(refusal: TokenRefusal, request: Request): Response;
}

export function tokenHandler(provider: Provider, dialect: TokenDialect): RequestHandler {
  return http.post(dialect.path, async ({ request }) => {
    const form = new URLSearchParams(await request.text());
    const { method, clientId, client } = authenticateClient(request, form, provider.clients);
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
    const broken = persona ? await tokenFault(provider, persona) : null;
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

export interface ClientAuthentication {
  method: "basic" | "post" | "none";
  clientId: string | null;
  /** Null when the client is unknown or its secret is wrong. */
  client: Client | null;
}

/** Reads the client's credentials from the header or the body (RFC 6749, 2.3.1). */
function authenticateClient(
  request: Request,
  form: URLSearchParams,
  clients: readonly Client[],
): ClientAuthentication {
  const basic = /^Basic (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const [clientId, secret] = basic
    ? basicCredentials(basic)
    : [form.get("client_id"), form.get("client_secret")];
  const client =
    clients.find((known) => known.clientId === clientId && known.clientSecret === secret) ?? null;
  return { method: basic ? "basic" : secret === null ? "none" : "post", clientId: clientId ?? null, client };
}

/** Both halves are form-urlencoded before they are joined, which many clients forget. */
function basicCredentials(basic: string): (string | null)[] {
  const [id = "", secret = ""] = Buffer.from(basic, "base64").toString().split(":", 2);
  return [id, secret].map((half) => new URLSearchParams(`half=${half}`).get("half"));
}
