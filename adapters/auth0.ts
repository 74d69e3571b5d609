/**
 * Auth0 on remix-auth-auth0.
 *
 * Create a "Regular Web Application"; Allowed Callback URLs: `<APP_ORIGIN>/auth/auth0/callback`; Allowed Logout
 * URLs: `<APP_ORIGIN>/sign-in`. Leave Credentials › Authentication Method at "Client Secret (Post)".
 */
import type { OAuth2Tokens } from "arctic";
import { Auth0Strategy } from "remix-auth-auth0";
import * as z from "zod";
import { AdapterError, defineAdapter, type Identity } from "./adapter.ts";
import { providerFetch } from "./bounded-fetch.ts";
import { type CodeExchange, createCodeExchange } from "./code-exchange.ts";
import { describeError } from "./describe-error.ts";
import { fromConsole } from "./from-console.ts";
import { fromStrategy } from "./from-strategy.ts";
import { createIdTokenVerifier } from "./id-token.ts";
import { providerOrigin } from "./web-url.ts";

const env = z.object({
  AUTH0_DOMAIN: z
    .string({ error: "is required: the domain of your Auth0 application, e.g. example.eu.auth0.com" })
    .transform((domain) => (domain.includes("://") ? domain : `https://${domain}`))
    .pipe(providerOrigin("the domain of your Auth0 application, e.g. example.eu.auth0.com")),
  AUTH0_CLIENT_ID: fromConsole("the client id of your Auth0 application"),
  AUTH0_CLIENT_SECRET: fromConsole("the client secret of your Auth0 application"),
});

export const auth0 = defineAdapter({
  id: "auth0",
  label: "Auth0",
  env,
  connect(
    { AUTH0_DOMAIN: domain, AUTH0_CLIENT_ID: clientId, AUTH0_CLIENT_SECRET: clientSecret },
    { callbackUrl },
  ) {
    // With the slash: it is part of the name, and Auth0 signs it so.
    const issuer = `${domain.origin}/`;
    const exchange = createCodeExchange({
      issuer,
      tokenEndpoint: new URL("/oauth/token", domain),
      clientId,
      clientSecret,
      redirectUri: callbackUrl,
    });
    const verifyIdToken = createIdTokenVerifier({
      issuer,
      audience: clientId,
      jwksUrl: new URL("/.well-known/jwks.json", domain),
    });
    const options: Auth0Strategy.ConstructorOptions = {
      domain: domain.host,
      clientId,
      clientSecret,
      redirectURI: callbackUrl,
      scopes: ["openid", "profile", "email"],
    };
    return {
      kind: "redirect",
      issuers: [issuer],
      origins: [domain.origin],
      ...fromStrategy({
        issuer,
        strategy: ({ nonce }) =>
          new Strategy(options, { domain, nonce, exchange }, ({ tokens }) =>
            verifyIdToken(tokens.idToken(), nonce),
          ),
      }),
      /** Without it, the next "Continue with Auth0" would sign the same person in again without asking. */
      signOutUrl(returnTo) {
        const url = new URL("/v2/logout", domain);
        url.search = new URLSearchParams({ client_id: clientId, returnTo: returnTo.href }).toString();
        return url;
      },
    };
  },
  externalId: ({ subject }) => `auth0_${subject}`,
  issuers: ({ AUTH0_DOMAIN }) => [`${AUTH0_DOMAIN.origin}/`],
  /** A tenant's other domain answers too, but signs in its own name: nobody could sign in. */
  async probe({ AUTH0_DOMAIN: domain }, signal) {
    const issuer = await publishedIssuer(domain, signal);
    if (issuer === `${domain.origin}/`) return [];
    const named =
      issuer === null ? "is not an Auth0 domain: it publishes no issuer" : "signs in another name";
    return [{ variable: "AUTH0_DOMAIN", problem: named }];
  },
});

/** Null when there is none. @throws AdapterError `provider_unavailable` */
async function publishedIssuer(domain: URL, signal: AbortSignal): Promise<string | null> {
  const url = new URL("/.well-known/openid-configuration", domain);
  const response = await providerFetch(url, { signal }).catch((error: unknown) => {
    throw new AdapterError("provider_unavailable", `metadata: ${describeError(error)}`);
  });
  const metadata = z.object({ issuer: z.string() }).safeParse(await response.json().catch(() => null));
  return metadata.data?.issuer ?? null;
}

interface StrategyContext {
  domain: URL;
  nonce: string;
  exchange: CodeExchange;
}

class Strategy extends Auth0Strategy<Identity> {
  readonly #context: StrategyContext;

  constructor(
    options: Auth0Strategy.ConstructorOptions,
    context: StrategyContext,
    verify: ConstructorParameters<typeof Auth0Strategy<Identity>>[1],
  ) {
    super(options, verify);
    this.#context = context;
  }

  /** Arctic's client knows https only. */
  protected override createAuthorizationURL() {
    const { url, ...secrets } = super.createAuthorizationURL();
    return { ...secrets, url: new URL(url.pathname + url.search, this.#context.domain) };
  }

  protected override authorizationParams(params: URLSearchParams, request: Request): URLSearchParams {
    const all = super.authorizationParams(params, request);
    all.set("nonce", this.#context.nonce);
    return all;
  }

  protected override validateAuthorizationCode(code: string, codeVerifier: string): Promise<OAuth2Tokens> {
    return this.#context.exchange(code, codeVerifier);
  }
}
