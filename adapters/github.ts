/**
 * GitHub, and GitHub Enterprise Server or Cloud through `GITHUB_URL`, on remix-auth-github.
 *
 * Register an OAuth app under Settings › Developer settings › OAuth apps; authorization callback URL:
 * `<APP_ORIGIN>/auth/github/callback`.
 */
import { GitHub, type OAuth2Tokens } from "arctic";
import { GitHubStrategy } from "remix-auth-github";
import * as z from "zod";
import { AdapterError, defineAdapter, type Identity } from "./adapter.ts";
import { providerFetch } from "./bounded-fetch.ts";
import { type CodeExchange, createCodeExchange } from "./code-exchange.ts";
import { fromConsole } from "./from-console.ts";
import { fromStrategy, type StrategyAttempt } from "./from-strategy.ts";
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
    const options: GitHubStrategy.ConstructorOptions = {
      clientId,
      clientSecret,
      redirectURI: callbackUrl,
      // Enough for the id and the name. E-mail is not asked for: we need none, and GitHub's may be unverified.
      scopes: ["read:user"],
    };
    return {
      kind: "redirect",
      issuers: [server.origin],
      origins: [server.origin],
      ...fromStrategy({
        issuer,
        strategy: (attempt) =>
          new Strategy(options, new Client(options, server, attempt, exchange), ({ request, tokens }) =>
            identityOf(server, tokens, request.signal),
          ),
      }),
    };
  },
  /** User 1 of an Enterprise server is not user 1 of github.com. */
  externalId: ({ issuer, subject }) =>
    issuer === GITHUB_COM ? `github_${subject}` : `github_${new URL(issuer).host}_${subject}`,
  issuers: ({ GITHUB_URL }) => [GITHUB_URL.origin],
});

class Strategy extends GitHubStrategy<Identity> {
  constructor(
    options: GitHubStrategy.ConstructorOptions,
    client: GitHub,
    verify: ConstructorParameters<typeof GitHubStrategy<Identity>>[1],
  ) {
    super(options, verify);
    this.client = client;
  }
}

/** Arctic's client knows github.com only, and no PKCE. */
class Client extends GitHub {
  readonly #server: URL;
  readonly #attempt: StrategyAttempt;
  readonly #exchange: CodeExchange;

  constructor(
    options: GitHubStrategy.ConstructorOptions,
    server: URL,
    attempt: StrategyAttempt,
    exchange: CodeExchange,
  ) {
    super(options.clientId, options.clientSecret, options.redirectURI.toString());
    this.#server = server;
    this.#attempt = attempt;
    this.#exchange = exchange;
  }

  override createAuthorizationURL(state: string, scopes: string[]): URL {
    const { search } = super.createAuthorizationURL(state, scopes);
    const url = new URL(`/login/oauth/authorize${search}`, this.#server);
    url.searchParams.set("code_challenge", this.#attempt.codeChallenge);
    url.searchParams.set("code_challenge_method", "S256");
    return url;
  }

  override validateAuthorizationCode(code: string): Promise<OAuth2Tokens> {
    return this.#exchange(code, this.#attempt.codeVerifier);
  }
}

const profileSchema = z.object({
  id: z.int().positive(),
  login: z.string(),
  name: z.string().nullish(),
  avatar_url: z.string().nullish(),
});

/** @throws AdapterError when GitHub does not say who it is */
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
    // The login changes hands when somebody renames themselves; the id never does.
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
