/**
 * An OpenID provider that can break every rule which an application must hold it to, one at a time and on demand.
 * Without an armed fault it is sound. It offers no sign-out page, as many providers do not.
 */
import { SignJWT } from "jose";
import { HttpResponse, http, type RequestHandler } from "msw";
import * as z from "zod";
import { controlBody } from "#mocks/control.ts";
import { type Served, serve } from "#mocks/serve.ts";
import { authorizeHandlers } from "./parts/authorize.ts";
import type { Grant } from "./parts/codes.ts";
import { ID_TOKEN_FAULTS as COMMON_FAULTS } from "./parts/faults.ts";
import { JwtSigner, type SignRequest } from "./parts/jwt-signer.ts";
import type { IdentityMock } from "./parts/mock.ts";
import type { Persona } from "./parts/persona.ts";
import { createProvider, type Provider, type ProviderOptions } from "./parts/provider.ts";
import { tokenHandler } from "./parts/token.ts";
import { brokenUserinfo } from "./parts/userinfo.ts";

const TITLE = "Mock OpenID provider, faulty on demand";
const EVIL = "https://evil.example";
const LIFETIME_SECONDS = 300;

const ID_TOKEN_FAULTS = [...COMMON_FAULTS, "id_token_hs256", "id_token_unknown_key"] as const;

const personas: Persona[] = [{ id: "fay", subject: "user-1", name: "Fay Example" }];

export const mock: IdentityMock = {
  adapterId: "oidc:faulty",
  testsOnly: true,
  start: startOidcFaulty,
  env: (url, { clientId, clientSecret }) => ({
    OIDC_FAULTY_ISSUER: url,
    OIDC_FAULTY_CLIENT_ID: clientId,
    OIDC_FAULTY_CLIENT_SECRET: clientSecret,
  }),
  issuer: (url) => url,
  subject: (unique) => `user-${unique}`,
  lacks: {
    ambient: "people leave for the provider and come back",
    end_session: "this provider offers no page for it, as many do not",
  },
  lookAlikes: ["a/b", "a%2Fb", "A/b", "a", `${"x".repeat(200)}1`, `${"x".repeat(200)}2`],
  idTokenFaults: ID_TOKEN_FAULTS,
};

export function startOidcFaulty(options: ProviderOptions): Promise<Served> {
  const provider = createProvider("oidc:faulty", personas, /./, options);
  const signer = new JwtSigner();
  const issueIdToken = createIdTokenIssuer(provider, signer, options.now ?? Date.now);

  const handlers = [
    ...authorizeHandlers(provider, {
      path: "/authorize",
      title: TITLE,
      requiredScopes: ["openid"],
      iss: (origin) => origin,
    }),
    tokenHandler(provider, {
      path: "/token",
      async succeed(grant, persona, request) {
        return HttpResponse.json({
          access_token: provider.grantAccess({ personaId: persona.id, scope: grant.scope }),
          id_token: await issueIdToken(grant, persona, new URL(request.url).origin),
          token_type: "Bearer",
          expires_in: LIFETIME_SECONDS,
        });
      },
      refuse: (refusal) =>
        refusal === "unknown_client"
          ? HttpResponse.json({ error: "invalid_client" }, { status: 401 })
          : HttpResponse.json({ error: "invalid_grant" }, { status: 400 }),
    }),
    userinfoHandler(provider),
    http.get("/jwks", () => HttpResponse.json(signer.jwks())),
    http.get("/.well-known/openid-configuration", ({ request }) => {
      const { origin } = new URL(request.url);
      return HttpResponse.json({
        issuer: provider.fire("*", "metadata_wrong_issuer") ? EVIL : origin,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/token`,
        userinfo_endpoint: provider.fire("*", "metadata_link_local")
          ? "https://169.254.169.254/userinfo"
          : `${origin}/userinfo`,
        jwks_uri: `${origin}/jwks`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        code_challenge_methods_supported: ["S256"],
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
        authorization_response_iss_parameter_supported: true,
        // It announces what nobody may believe.
        id_token_signing_alg_values_supported: ["RS256", "HS256", "none"],
      });
    }),
  ];
  /** New keys sign from now on; with `withdraw` the old ones are no longer published. */
  const rotate = http.post("/__control/rotate", async ({ request }) => {
    const { withdraw } = await controlBody(request, z.strictObject({ withdraw: z.boolean().default(false) }));
    return HttpResponse.json({ kids: signer.rotate(withdraw) });
  });
  return serve(handlers, { port: options.port, control: [...provider.control, rotate] });
}

/** Holds the subject alone, so that an application has to ask userinfo for the name. */
function createIdTokenIssuer(provider: Provider, signer: JwtSigner, now: () => number) {
  return async ({ clientId, nonce }: Grant, { id, subject }: Persona, issuer: string): Promise<string> => {
    const iat = Math.floor(now() / 1_000);
    const claims = { iss: issuer, aud: clientId, sub: subject, nonce, iat, exp: iat + LIFETIME_SECONDS };
    const sign = (more: Partial<SignRequest> = {}) =>
      signer.sign({ claims, header: {}, alg: "RS256", padded: false, ...more });
    const fault = provider.fire(id, ...ID_TOKEN_FAULTS)?.fault;
    switch (fault) {
      case "id_token_alg_none":
        return sign({ fault: "alg_none" });
      case "id_token_hs256": {
        const secret = provider.clients.find((client) => client.clientId === clientId)?.clientSecret ?? "";
        return new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(secret));
      }
      case "id_token_bad_signature":
        return sign({ fault: "foreign_key" });
      case "id_token_unknown_key":
        return sign({ fault: "foreign_key", kid: "unknown" });
      case "id_token_wrong_aud":
        return sign({ claims: { ...claims, aud: "another-client" } });
      case "id_token_wrong_iss":
        return sign({ claims: { ...claims, iss: EVIL } });
      case "id_token_wrong_nonce":
        return sign({ claims: { ...claims, nonce: "another-nonce" } });
      case "id_token_expired":
        return sign({ claims: { ...claims, iat: iat - 7_200, exp: iat - 3_600 } });
      case "id_token_future_iat":
        return sign({ claims: { ...claims, iat: iat + 600 } });
      case "id_token_wrong_azp":
        return sign({ claims: { ...claims, azp: "another-client" } });
      case "id_token_no_azp":
        return sign({ claims: { ...claims, aud: [clientId, "another-client"] } });
      case "id_token_access_token":
        return sign({ header: { typ: "at+jwt" } });
      case "id_token_logout_token":
        return sign({ header: { typ: "application/logout+JWT" } });
      default:
        return sign();
    }
  };
}

function userinfoHandler(provider: Provider): RequestHandler {
  return http.get("/userinfo", ({ request }) => {
    const access = provider.accessOf(request);
    const respond = () => {
      if (!access) return new HttpResponse(null, { status: 401, headers: { "www-authenticate": "Bearer" } });
      const { subject, name, email, email_verified = false } = access.persona;
      return (
        brokenUserinfo(provider, access.persona) ??
        HttpResponse.json({ sub: subject, ...(name && { name }), ...(email && { email, email_verified }) })
      );
    };
    const response = respond();
    const persona = access?.persona.id ?? null;
    provider.log.append({ endpoint: "userinfo", path: "/userinfo", persona, status: response.status });
    return response;
  });
}
