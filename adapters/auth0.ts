/**
 * Auth0 on remix-auth-auth0.
 *
 * Create a "Regular Web Application"; Allowed Callback URLs: `<APP_ORIGIN>/auth/auth0/callback`; Allowed Logout
 * URLs: `<APP_ORIGIN>/sign-in`. Leave Credentials › Authentication Method at "Client Secret (Post)".
 */
import { Auth0Strategy } from "remix-auth-auth0";
import * as z from "zod";
import { AdapterError, defineAdapter } from "./adapter.ts";
import { providerFetch } from "./bounded-fetch.ts";
import { describeError } from "./describe-error.ts";
import { fromStrategy, withClient } from "./from-strategy.ts";
import { createOpenIdClient } from "./openid.ts";
import { fromConsole } from "./settings.ts";
import { ALGORITHMS } from "./tokens.ts";
import { providerOrigin } from "./web-url.ts";

const SCOPES = "openid profile email";

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
    const at = (path: string) => new URL(path, domain).href;
    const metadata = {
      issuer: issuerOf(domain),
      authorization_endpoint: at("/authorize"),
      token_endpoint: at("/oauth/token"),
      jwks_uri: at("/.well-known/jwks.json"),
      id_token_signing_alg_values_supported: ALGORITHMS,
    };
    const registration = { clientId, clientSecret, clientAuth: "post", scopes: SCOPES, callbackUrl } as const;
    const options = { domain: domain.host, clientId, clientSecret, redirectURI: callbackUrl };
    return {
      kind: "redirect",
      issuers: [metadata.issuer],
      origins: [domain.origin],
      ...fromStrategy({
        issuer: metadata.issuer,
        strategy(attempt) {
          const client = createOpenIdClient({ ...registration, metadata, attempt });
          return withClient(new Auth0Strategy(options, ({ tokens }) => client.identityOf(tokens)), client);
        },
      }),
      /** Otherwise the next "Continue with Auth0" signs the same user in again without asking. */
      signOutUrl(returnTo) {
        const url = new URL("/v2/logout", domain);
        url.search = new URLSearchParams({ client_id: clientId, returnTo: returnTo.href }).toString();
        return url;
      },
    };
  },
  externalId: ({ subject }) => `auth0_${subject}`,
  issuers: ({ AUTH0_DOMAIN }) => [issuerOf(AUTH0_DOMAIN)],
  /** A tenant's other domain answers too, but names itself in id_tokens, so every sign-in would fail. */
  async probe({ AUTH0_DOMAIN: domain }, signal) {
    const issuer = await publishedIssuer(domain, signal);
    if (issuer === issuerOf(domain)) return [];
    const named =
      issuer === null ? "is not an Auth0 domain: it publishes no issuer" : "signs in another name";
    return [{ variable: "AUTH0_DOMAIN", problem: named }];
  },
});

/** With the slash, as Auth0 signs it. */
const issuerOf = (domain: URL) => `${domain.origin}/`;

/** Null when there is none. @throws AdapterError `provider_unavailable` */
async function publishedIssuer(domain: URL, signal: AbortSignal): Promise<string | null> {
  const url = new URL("/.well-known/openid-configuration", domain);
  const response = await providerFetch(url, { signal }).catch((error: unknown) => {
    throw new AdapterError("provider_unavailable", `metadata: ${describeError(error)}`);
  });
  const metadata = z.object({ issuer: z.string() }).safeParse(await response.json().catch(() => null));
  return metadata.data?.issuer ?? null;
}
