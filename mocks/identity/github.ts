/** The mock GitHub, laid out as Enterprise Server is: OAuth below `/login/oauth`, the API below `/api/v3`. */
import { HttpResponse, http, type RequestHandler } from "msw";
import { type Served, serve } from "#mocks/serve.ts";
import { authorizeHandlers } from "./parts/authorize.ts";
import type { IdentityMock, Persona } from "./parts/mock.ts";
import { createProvider, type Provider, type ProviderOptions } from "./parts/provider.ts";
import { type TokenRefusal, tokenHandler } from "./parts/token.ts";

const personas: Persona[] = [
  { id: "ada", subject: "583231", login: "ada", name: "Ada Lovelace", email: "ada@example.com" },
  { id: "quiet", subject: "77", login: "quiet", name: null, email: null },
];

export const mock: IdentityMock = {
  adapterId: "github",
  carriesSuite: true,
  start: startGithub,
  env: (url, { clientId, clientSecret }) => ({
    GITHUB_URL: url,
    GITHUB_CLIENT_ID: clientId,
    GITHUB_CLIENT_SECRET: clientSecret,
  }),
  issuer: (url) => url,
  subject: String,
  lacks: {
    proxy_authenticated: "people leave for GitHub and come back",
    nonce: "GitHub sends no id_token",
    id_token: "GitHub sends no id_token",
    iss_always: "GitHub Enterprise Servers of before 2026 send none",
    email: "the adapter asks GitHub for no e-mail",
    end_session: "GitHub has no page for signing out of one app",
  },
  confusableSubjects: ["1", "11", "111111111111111", "111111111111112"],
  customers: (url) => [
    {
      external_id: `github_${new URL(url).host}_583231`,
      name: "Ada Lovelace",
      history: "steady",
      budget_usd: 400,
      traffic: true,
    },
  ],
};

export function startGithub(options: ProviderOptions): Promise<Served> {
  const provider = createProvider("github", personas, /^[1-9]\d{0,15}$/, options);
  const handlers = [
    ...authorizeHandlers(provider, {
      path: "/login/oauth/authorize",
      title: "Mock GitHub",
      iss: (origin) => `${origin}/login/oauth`,
    }),
    tokenHandler(provider, {
      path: "/login/oauth/access_token",
      succeed: ({ scope }, { id }, request) =>
        asAsked(request, {
          access_token: provider.grantAccess({ personaId: id, scope }),
          token_type: "bearer",
          // GitHub answers the scopes separated by commas, whatever they were asked with.
          scope: scope.replaceAll(" ", ","),
        }),
      refuse: (refusal, request) => asAsked(request, { error: errors[refusal], error_description: refusal }),
    }),
    apiHandler(provider, "/api/v3/user", ({ persona }) => HttpResponse.json(profileOf(persona))),
    apiHandler(provider, "/api/v3/user/emails", ({ persona, scope }) => {
      // Without the scope GitHub does not say that the address exists.
      if (!/\buser\b/.test(scope.replaceAll("read:user", ""))) return apiError(404, "Not Found");
      const { email, email_verified: verified = true } = persona;
      return HttpResponse.json(email ? [{ email, verified, primary: true, visibility: "public" }] : []);
    }),
  ];
  return serve(handlers, { port: options.port, control: provider.control });
}

const errors: Record<TokenRefusal, string> = {
  unknown_client: "incorrect_client_credentials",
  unsupported_grant_type: "unsupported_grant_type",
  unknown_code: "bad_verification_code",
  expired_code: "bad_verification_code",
  wrong_client: "bad_verification_code",
  wrong_verifier: "bad_verification_code",
  wrong_redirect_uri: "redirect_uri_mismatch",
};

/** GitHub answers form-encoded unless asked for JSON, and always with 200, refusals included. */
function asAsked(request: Request, body: Record<string, string>): Response {
  if (/\bjson\b/.test(request.headers.get("accept") ?? "")) return HttpResponse.json(body);
  return HttpResponse.text(new URLSearchParams(body).toString(), {
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
  });
}

type Access = NonNullable<ReturnType<Provider["accessOf"]>>;

function apiHandler(provider: Provider, path: string, answer: (access: Access) => Response): RequestHandler {
  return http.get(path, ({ request }) => {
    const access = provider.accessOf(request);
    const respond = () => {
      if (!request.headers.get("user-agent"))
        return apiError(403, "Request forbidden by administrative rules.");
      if (!access) return apiError(401, "Bad credentials");
      return provider.fire(access.persona.id, "profile_500") ? apiError(500, "Server Error") : answer(access);
    };
    const response = respond();
    provider.log.append({
      endpoint: "userinfo",
      path,
      persona: access?.persona.id ?? null,
      status: response.status,
    });
    return response;
  });
}

const apiError = (status: number, message: string) =>
  HttpResponse.json({ message, documentation_url: "https://docs.github.com/rest" }, { status });

const profileOf = ({ id, subject, login = id, name, email, picture }: Persona) => ({
  login,
  id: Number(subject),
  node_id: Buffer.from(`04:User${subject}`).toString("base64"),
  avatar_url: picture ?? null,
  type: "User",
  name: name ?? null,
  email: email ?? null,
});
