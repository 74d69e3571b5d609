/** The mock Auth0: OpenID Connect with id_tokens, and a session of its own that signs people in again unasked. */
import { HttpResponse, http, type RequestHandler } from "msw";
import { type Served, serve } from "#mocks/serve.ts";
import { authorizeHandlers, logoutHandler, sessionOf, startSession } from "./parts/authorize.ts";
import { ID_TOKEN_FAULTS } from "./parts/faults.ts";
import type { IdentityMock, Persona } from "./parts/mock.ts";
import { createProvider, type Provider, type ProviderOptions } from "./parts/provider.ts";
import { createIdTokenIssuer, JwtSigner } from "./parts/signing.ts";
import { type TokenRefusal, tokenHandler } from "./parts/token.ts";

const TITLE = "Mock Auth0";

const personas: Persona[] = [
  {
    id: "grace",
    subject: "auth0|64f1c0ffee",
    name: "Grace Hopper",
    email: "grace@example.com",
    email_verified: true,
  },
  {
    id: "kay",
    subject: "google-oauth2|1093",
    name: "Alan Kay",
    email: "kay@example.com",
    email_verified: false,
  },
  { id: "odd", subject: "auth0|a/b?c#d%2F..", name: "Odd Subject" },
];

export const mock: IdentityMock = {
  adapterId: "auth0",
  start: startAuth0,
  env: (url, { clientId, clientSecret }) => ({
    AUTH0_DOMAIN: url,
    AUTH0_CLIENT_ID: clientId,
    AUTH0_CLIENT_SECRET: clientSecret,
  }),
  issuer: (url) => `${url}/`,
  subject: (unique) => `auth0|${unique}`,
  lacks: {
    proxy_authenticated: "people leave for Auth0 and come back",
    iss: "Auth0 does not name itself in its answer; its id_token does",
    iss_always: "Auth0 does not name itself in its answer",
  },
  confusableSubjects: [
    "auth0|a/b",
    "auth0|a%2Fb",
    "auth0|A/b",
    "google-oauth2|a/b",
    `auth0|${"x".repeat(200)}1`,
    `auth0|${"x".repeat(200)}2`,
  ],
  idTokenFaults: ID_TOKEN_FAULTS,
  customers: () => [
    {
      external_id: "auth0_auth0|64f1c0ffee",
      name: "Grace Hopper",
      history: "spiky",
      budget_usd: 250,
      traffic: true,
    },
    { external_id: "auth0_google-oauth2|1093", name: "Alan Kay", history: "tiny", traffic: true },
  ],
};

export function startAuth0(options: ProviderOptions): Promise<Served> {
  const provider = createProvider("auth0", personas, /\|/, options);
  const signer = new JwtSigner();
  const issueIdToken = createIdTokenIssuer(signer, options.now ?? Date.now);
  const issuerOf = (request: Request) => `${new URL(request.url).origin}/`;
  const handlers = [
    ...authorizeHandlers(provider, {
      path: "/authorize",
      title: TITLE,
      requiredScopes: ["openid"],
      recall: (request) => provider.personas.get(sessionOf(request)),
      remember: ({ id }) => startSession(id),
    }),
    tokenHandler(provider, {
      path: "/oauth/token",
      async succeed({ clientId, scope, nonce }, persona, request) {
        const fault = provider.fire(persona.id, ...ID_TOKEN_FAULTS)?.fault;
        const claims = {
          ...profileOf(persona, scope),
          iss: issuerOf(request),
          aud: clientId,
          ...(nonce && { nonce }),
        };
        return HttpResponse.json({
          access_token: provider.grantAccess({ personaId: persona.id, scope }),
          id_token: await issueIdToken(claims, fault),
          scope,
          expires_in: 86_400,
          token_type: "Bearer",
        });
      },
      refuse: (refusal) => HttpResponse.json(...errors[refusal]),
    }),
    userinfoHandler(provider),
    logoutHandler(provider, { path: "/v2/logout", title: TITLE, returnTo: "returnTo" }),
    http.get("/.well-known/jwks.json", () => HttpResponse.json(signer.jwks())),
    http.get("/.well-known/openid-configuration", ({ request }) => {
      const { origin } = new URL(request.url);
      return HttpResponse.json({
        issuer: issuerOf(request),
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/oauth/token`,
        userinfo_endpoint: `${origin}/userinfo`,
        jwks_uri: `${origin}/.well-known/jwks.json`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        scopes_supported: ["openid", "profile", "email"],
        code_challenge_methods_supported: ["S256"],
        id_token_signing_alg_values_supported: ["HS256", "RS256", "PS256"],
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
      });
    }),
  ];
  return serve(handlers, { port: options.port, control: provider.control });
}

const invalidGrant = [
  { error: "invalid_grant", error_description: "Invalid authorization code" },
  { status: 403 },
] as const;
const errors: Record<TokenRefusal, readonly [Record<string, string>, { status: number }]> = {
  unknown_client: [{ error: "access_denied", error_description: "Unauthorized" }, { status: 401 }],
  unsupported_grant_type: [{ error: "unsupported_grant_type" }, { status: 403 }],
  unknown_code: invalidGrant,
  expired_code: invalidGrant,
  wrong_client: invalidGrant,
  wrong_verifier: invalidGrant,
  wrong_redirect_uri: invalidGrant,
};

/** The claims that the scope opens. */
function profileOf({ subject, name, picture, email, email_verified = false }: Persona, scope: string) {
  const scopes = scope.split(" ");
  return {
    sub: subject,
    ...(scopes.includes("profile") && { ...(name && { name }), ...(picture && { picture }) }),
    ...(scopes.includes("email") && email && { email, email_verified }),
  };
}

function userinfoHandler(provider: Provider): RequestHandler {
  return http.get("/userinfo", ({ request }) => {
    const access = provider.accessOf(request);
    const respond = () => {
      if (!access) return new HttpResponse("Unauthorized", { status: 401 });
      if (provider.fire(access.persona.id, "profile_500")) return new HttpResponse(null, { status: 500 });
      return HttpResponse.json(profileOf(access.persona, access.scope));
    };
    const response = respond();
    const persona = access?.persona.id ?? null;
    provider.log.append({ endpoint: "userinfo", path: "/userinfo", persona, status: response.status });
    return response;
  });
}
