/** OpenID Connect's code flow on openid-client, for every adapter that reads id_tokens. */
import { OAuth2Tokens } from "arctic";
import { decodeProtectedHeader } from "jose";
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientError,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  clockTolerance,
  customFetch,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
} from "openid-client";
import * as z from "zod";
import { AdapterError, type Identity } from "./adapter.ts";
import { providerFetch } from "./bounded-fetch.ts";
import { describeError } from "./describe-error.ts";
import type { StrategyAttempt } from "./from-strategy.ts";
import { ALGORITHMS, CLOCK_TOLERANCE_SECONDS, checkTokenUse, displayClaims } from "./tokens.ts";
import { isLoopback } from "./web-url.ts";

const TIMEOUT_SECONDS = 5;

/** As in OpenID Connect Discovery. */
export interface ProviderMetadata {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  jwks_uri: string;
  userinfo_endpoint?: string | undefined;
  token_endpoint_auth_methods_supported?: string[] | undefined;
  id_token_signing_alg_values_supported?: string[] | undefined;
}

export interface OpenIdOptions {
  metadata: ProviderMetadata;
  clientId: string;
  /** Absent for a public client. */
  clientSecret?: string | undefined;
  /** How the secret is sent, where the provider expects another way than it announces. */
  clientAuth?: "post" | "basic" | "none" | undefined;
  scopes: string;
  callbackUrl: URL;
  attempt: StrategyAttempt;
}

/** What the strategies of the remix-auth family expect of an Arctic client, and the identity at the end. */
export interface OpenIdClient {
  createAuthorizationURL(state: string): URL;
  /** @throws AdapterError */
  validateAuthorizationCode(code: string): Promise<OAuth2Tokens>;
  /** @param tokens of `validateAuthorizationCode`, which has verified them @throws AdapterError */
  identityOf(tokens: OAuth2Tokens): Promise<Identity>;
}

/**
 * To be created for each leg of each attempt, with an empty cache of the provider's keys: sign-ins are few, and a
 * withdrawn key is worthless at once. The library's cache would refuse sign-ins for up to a minute after a rotation.
 */
export function createOpenIdClient(options: OpenIdOptions): OpenIdClient {
  const { metadata, clientId, scopes, callbackUrl, attempt } = options;
  const config = configure(options);
  const fail = (step: string) => (error: unknown) => {
    throw openIdError(step, error);
  };

  return {
    createAuthorizationURL: (state) =>
      buildAuthorizationUrl(config, {
        redirect_uri: callbackUrl.href,
        scope: scopes,
        state,
        nonce: attempt.nonce,
        // Also where the provider does not advertise it: providers that do not know PKCE ignore it.
        code_challenge: attempt.codeChallenge,
        code_challenge_method: "S256",
      }),

    async validateAuthorizationCode(code) {
      // The registered redirect_uri, whatever a proxy makes of the request's own URL. fromStrategy and the strategy
      // have checked `iss` and `state`.
      const url = new URL(callbackUrl);
      url.searchParams.set("code", code);
      const tokens = await authorizationCodeGrant(config, url, {
        expectedNonce: attempt.nonce,
        pkceCodeVerifier: attempt.codeVerifier,
        idTokenExpected: true,
      }).catch(fail("sign-in"));
      const claims = tokens.claims();
      if (!claims || !tokens.id_token) throw new AdapterError("invalid_response", "sign-in: no id_token");
      const header = decodeProtectedHeader(tokens.id_token);
      checkTokenUse("sign-in: id_token", { header, claims }, [clientId]);
      return new OAuth2Tokens({ ...tokens, claims });
    },

    async identityOf(tokens) {
      const { claims } = tokens.data as { claims: Record<string, unknown> & { sub: string } };
      const shown = displayClaims(claims);
      // Many id_tokens hold the subject alone.
      const complete = (shown.name && shown.email) || !metadata.userinfo_endpoint;
      const userInfo = complete ? {} : await readUserInfo(config, tokens.accessToken(), claims.sub);
      return { issuer: metadata.issuer, subject: claims.sub, ...displayClaims(userInfo), ...shown };
    },
  };
}

function configure(options: OpenIdOptions): Configuration {
  const { issuer, authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint } = options.metadata;
  const algorithms = options.metadata.id_token_signing_alg_values_supported ?? ["RS256"];
  const config = new Configuration(
    {
      issuer,
      authorization_endpoint,
      token_endpoint,
      jwks_uri,
      ...(userinfo_endpoint && { userinfo_endpoint }),
      id_token_signing_alg_values_supported: algorithms.filter((alg) => ALGORITHMS.includes(alg)),
    },
    options.clientId,
    { [clockTolerance]: CLOCK_TOLERANCE_SECONDS },
    authenticationOf(options),
  );
  config.timeout = TIMEOUT_SECONDS;
  config[customFetch] = (url, init) => providerFetch(url, init as RequestInit);
  // Without it the library trusts TLS, as the standard allows, and does not verify signatures.
  enableNonRepudiationChecks(config);
  if (isLoopback(new URL(issuer))) allowInsecureRequests(config);
  return config;
}

/** The body first: providers disagree about how a secret is encoded in a Basic header. */
function authenticationOf({ clientAuth, clientSecret, metadata }: OpenIdOptions): ClientAuth {
  if (clientSecret === undefined) return None();
  const supported = metadata.token_endpoint_auth_methods_supported;
  // Providers that announce nothing take Basic, by the standard.
  const method = clientAuth ?? (supported?.includes("client_secret_post") ? "post" : "basic");
  return method === "post" ? ClientSecretPost(clientSecret) : ClientSecretBasic(clientSecret);
}

async function readUserInfo(config: Configuration, accessToken: string, subject: string) {
  try {
    return await fetchUserInfo(config, accessToken, subject);
  } catch (error) {
    const failure = openIdError("userinfo", error);
    // The profile of another user is a reason to stop. A missing profile is not: it is for display only.
    if (failure.code === "invalid_response") throw failure;
    return {};
  }
}

/** The provider answered, and its answer must not be trusted. All other errors mean that the provider failed. */
const UNTRUSTED = /^OAUTH_(INVALID_RESPONSE|JWT_|JSON_ATTRIBUTE_|KEY_SELECTION_|UNSUPPORTED_OPERATION)/;

/** The library's name of the claim that is wrong. */
const claimSchema = z.object({ cause: z.object({ cause: z.object({ claim: z.string() }) }) });

/** Without the library's text and causes, which hold what the provider wrote, and tokens. */
function openIdError(step: string, error: unknown): AdapterError {
  const untrusted = error instanceof ClientError && UNTRUSTED.test(error.code ?? "");
  const claim = claimSchema.safeParse(error).data?.cause.cause.claim;
  return new AdapterError(
    untrusted ? "invalid_response" : "provider_unavailable",
    `${step}: ${describeError(error)}${claim ? ` ${claim}` : ""}`,
  );
}
