/**
 * The token endpoint, called by openid-client instead of the strategies' own clients: those follow redirects
 * with the secret in hand, wait for ever, and encode client credentials wrongly.
 */
import { OAuth2Tokens } from "arctic";
import {
  allowInsecureRequests,
  ClientError,
  ClientSecretPost,
  Configuration,
  type CustomFetch,
  clockTolerance,
  customFetch,
  genericGrantRequest,
} from "openid-client";
import * as z from "zod";
import { AdapterError } from "./adapter.ts";
import { providerFetch } from "./bounded-fetch.ts";
import { describeError } from "./describe-error.ts";
import { ALGORITHMS, CLOCK_TOLERANCE_SECONDS } from "./tokens.ts";
import { isLoopback } from "./web-url.ts";

export interface CodeExchangeOptions {
  /** The `iss` of the provider's id_tokens, if it sends any. */
  issuer: string;
  tokenEndpoint: URL;
  clientId: string;
  clientSecret: string;
  redirectUri: URL;
  timeoutSeconds?: number;
}

/** @throws AdapterError */
export type CodeExchange = (code: string, codeVerifier: string) => Promise<OAuth2Tokens>;

export function createCodeExchange(options: CodeExchangeOptions): CodeExchange {
  const { issuer, tokenEndpoint, clientId, clientSecret, redirectUri, timeoutSeconds = 8 } = options;
  const config = new Configuration(
    {
      issuer,
      token_endpoint: tokenEndpoint.href,
      id_token_signing_alg_values_supported: ALGORITHMS,
    },
    clientId,
    { [clockTolerance]: CLOCK_TOLERANCE_SECONDS },
    // In the body, where there is one way to encode a secret; providers disagree about the one in a Basic header.
    ClientSecretPost(clientSecret),
  );
  config.timeout = timeoutSeconds;
  config[customFetch] = fetchHonestly;
  if (isLoopback(tokenEndpoint)) allowInsecureRequests(config);

  return async (code, codeVerifier) => {
    const parameters = { code, code_verifier: codeVerifier, redirect_uri: redirectUri.href };
    try {
      return new OAuth2Tokens(await genericGrantRequest(config, "authorization_code", parameters));
    } catch (error) {
      throw new AdapterError(
        isBadAnswer(error) ? "invalid_response" : "provider_unavailable",
        `token endpoint: ${describeError(error)}`,
      );
    }
  };
}

/** GitHub says no with status 200, which would look like an answer without a token instead of a refusal. */
const fetchHonestly: CustomFetch = async (url, options) => {
  const response = await providerFetch(url, options as RequestInit);
  if (response.status !== 200) return response;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return refusal.safeParse(body).success ? Response.json(body, { status: 400 }) : response;
};

const refusal = z.object({ error: z.string() });

/** The provider answered, and what it answered is not for us to trust. */
const isBadAnswer = (error: unknown) =>
  error instanceof ClientError && /^OAUTH_(INVALID_RESPONSE|PARSE_ERROR|JWT_)/.test(error.code ?? "");
