/**
 * An OpenID provider that breaks one rule at a time on demand, each of which an application has to notice.
 * Without an armed fault it is correct. It offers no sign-out page, as many providers do not.
 */
import { HttpResponse, http, type RequestHandler } from "msw";
import * as z from "zod";
import { controlBody } from "#mocks/control.ts";
import { type Served, serve } from "#mocks/serve.ts";
import { authorizeHandlers } from "./parts/authorize.ts";
import { ID_TOKEN_FAULTS as COMMON_FAULTS, userinfoFault } from "./parts/faults.ts";
import type { IdentityMock, Persona } from "./parts/mock.ts";
import { createProvider, type Provider, type ProviderOptions } from "./parts/provider.ts";
import { createIdTokenIssuer, JwtSigner } from "./parts/signing.ts";
import { tokenHandler } from "./parts/token.ts";

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
    proxy_authenticated: "people leave for the provider and come back",
    end_session: "this provider offers no page for it, as many do not",
  },
  confusableSubjects: ["a/b", "a%2Fb", "A/b", "a", `${"x".repeat(200)}1`, `${"x".repeat(200)}2`],
  idTokenFaults: ID_TOKEN_FAULTS,
};

export function startOidcFaulty(options: ProviderOptions): Promise<Served> {
  const provider = createProvider("oidc:faulty", personas, /./, options);
  const signer = new JwtSigner();
  const issueIdToken = createIdTokenIssuer(signer, options.now ?? Date.now);

  const handlers = [
    ...authorizeHandlers(provider, {
      path: "/authorize",
      title: TITLE,
      requiredScopes: ["openid"],
      iss: (origin) => origin,
    }),
    tokenHandler(provider, {
      path: "/token",
      async succeed({ clientId, scope, nonce }, persona, request) {
        const fault = provider.fire(persona.id, ...ID_TOKEN_FAULTS)?.fault;
        const secret = provider.clients.find((client) => client.clientId === clientId)?.clientSecret;
        // The subject alone, so that an application has to ask userinfo for the name.
        const claims = { iss: new URL(request.url).origin, aud: clientId, sub: persona.subject, nonce };
        return HttpResponse.json({
          access_token: provider.grantAccess({ personaId: persona.id, scope }),
          id_token: await issueIdToken(claims, fault, secret),
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
        // More than an application may accept.
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

function userinfoHandler(provider: Provider): RequestHandler {
  return http.get("/userinfo", ({ request }) => {
    const access = provider.accessOf(request);
    const respond = () => {
      if (!access) return new HttpResponse(null, { status: 401, headers: { "www-authenticate": "Bearer" } });
      const { subject, name, email, email_verified = false } = access.persona;
      return (
        userinfoFault(provider, access.persona) ??
        HttpResponse.json({ sub: subject, ...(name && { name }), ...(email && { email, email_verified }) })
      );
    };
    const response = respond();
    const persona = access?.persona.id ?? null;
    provider.log.append({ endpoint: "userinfo", path: "/userinfo", persona, status: response.status });
    return response;
  });
}
