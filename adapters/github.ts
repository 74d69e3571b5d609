/**
 * GitHub, and GitHub Enterprise Server or Cloud through `GITHUB_URL`, on remix-auth-github.
 *
 * Register an OAuth app under Settings › Developer settings › OAuth apps; authorization callback URL:
 * `<APP_ORIGIN>/auth/github/callback`.
 */
import type { OAuth2Tokens } from "arctic";
import { GitHubStrategy } from "remix-auth-github";
import * as z from "zod";
import { AdapterError, defineAdapter, type Identity } from "./adapter.ts";
import { providerFetch } from "./bounded-fetch.ts";
import { createCodeExchange } from "./code-exchange.ts";
import { fromStrategy, withClient } from "./from-strategy.ts";
import { fromConsole } from "./settings.ts";
import { providerOrigin } from "./web-url.ts";

const GITHUB_COM = "https://github.com";

const env = z.object({
  GITHUB_CLIENT_ID: fromConsole("the client id of your GitHub OAuth app"),
  GITHUB_CLIENT_SECRET: fromConsole("a client secret of your GitHub OAuth app"),
  GITHUB_URL: providerOrigin(`${GITHUB_COM} or the address of your GitHub Enterprise`).default(
    new URL(GITHUB_COM),
  ),
});

export const github = defineAdapter({
  id: "github",
  label: "GitHub",
  env,
  connect(
    { GITHUB_CLIENT_ID: clientId, GITHUB_CLIENT_SECRET: clientSecret, GITHUB_URL: server },
    { callbackUrl },
  ) {
    const issuer = new URL("/login/oauth", server).href;
    const exchange = createCodeExchange({
      issuer,
      tokenEndpoint: new URL("/login/oauth/access_token", server),
      clientId,
      clientSecret,
      redirectUri: callbackUrl,
    });
    const options = { clientId, clientSecret, redirectURI: callbackUrl };
    const authorizationUrl = (state: string, codeChallenge: string) => {
      const url = new URL("/login/oauth/authorize", server);
      url.search = new URLSearchParams({
        response_type: "code",
        client_id: clientId,
        redirect_uri: callbackUrl.href,
        // Enough for the id and the name. E-mail addresses are not needed, and GitHub's may be unverified.
        scope: "read:user",
        state,
        code_challenge: codeChallenge,
        code_challenge_method: "S256",
      }).toString();
      return url;
    };
    return {
      kind: "redirect",
      issuers: [server.origin],
      origins: [server.origin],
      ...fromStrategy({
        issuer,
        strategy: ({ codeChallenge, codeVerifier }) =>
          withClient(
            new GitHubStrategy(options, ({ request, tokens }) => identityOf(server, tokens, request.signal)),
            {
              createAuthorizationURL: (state) => authorizationUrl(state, codeChallenge),
              validateAuthorizationCode: (code) => exchange(code, codeVerifier),
            },
          ),
      }),
    };
  },
  /** User 1 of an Enterprise server is not user 1 of github.com. */
  externalId: ({ issuer, subject }) =>
    issuer === GITHUB_COM ? `github_${subject}` : `github_${new URL(issuer).host}_${subject}`,
  issuers: ({ GITHUB_URL }) => [GITHUB_URL.origin],
});

const profileSchema = z.object({
  id: z.int().positive(),
  login: z.string(),
  name: z.string().nullish(),
  avatar_url: z.string().nullish(),
});

/** @throws AdapterError when GitHub does not answer with a profile */
async function identityOf(server: URL, tokens: OAuth2Tokens, signal: AbortSignal): Promise<Identity> {
  const response = await providerFetch(`${apiOf(server)}/user`, {
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${tokens.accessToken()}`,
      "user-agent": "usage-dashboard",
      "x-github-api-version": "2022-11-28",
    },
    signal,
  });
  if (!response.ok) throw new AdapterError("provider_unavailable", `GET /user answered ${response.status}`);
  const profile = profileSchema.safeParse(await response.json());
  if (!profile.success) throw new AdapterError("invalid_response", "GET /user answered another shape");
  const { id, login, name, avatar_url } = profile.data;
  return {
    issuer: server.origin,
    // A login can be renamed and taken by another user; the id never changes.
    subject: String(id),
    name: name || login,
    ...(avatar_url && { avatarUrl: avatar_url }),
  };
}

/** github.com and Enterprise Cloud (`<name>.ghe.com`) have a host for the API, Enterprise Server has a path. */
function apiOf(server: URL): string {
  const hosted = server.hostname === "github.com" || server.hostname.endsWith(".ghe.com");
  return hosted ? `https://api.${server.host}` : `${server.origin}/api/v3`;
}
