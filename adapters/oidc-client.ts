/** openid-client, as strict as this app needs it to be. */
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  clockTolerance,
  customFetch,
  enableNonRepudiationChecks,
  None,
} from "openid-client";
import { providerFetch } from "./bounded-fetch.ts";
import type { ProviderMetadata } from "./oidc-discovery.ts";
import type { OidcSettings } from "./oidc-env.ts";
import { ALGORITHMS, CLOCK_TOLERANCE_SECONDS } from "./tokens.ts";
import { isLoopback } from "./web-url.ts";

const TIMEOUT_SECONDS = 5;

/**
 * To be made anew for every attempt, and with it an empty cache of the provider's keys: they are fetched at each
 * sign-in, of which there are few, and a withdrawn key is worth nothing from that moment on. The library's cache
 * would refuse everybody for up to a minute after each rotation instead.
 */
export function createClient(settings: OidcSettings, metadata: ProviderMetadata): Configuration {
  const { issuer, authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint } = metadata;
  const iss = metadata.authorization_response_iss_parameter_supported;
  const algorithms = metadata.id_token_signing_alg_values_supported ?? ["RS256"];
  const config = new Configuration(
    {
      issuer,
      authorization_endpoint,
      token_endpoint,
      jwks_uri,
      ...(userinfo_endpoint && { userinfo_endpoint }),
      ...(iss !== undefined && { authorization_response_iss_parameter_supported: iss }),
      // Asymmetric only, whatever else is advertised.
      id_token_signing_alg_values_supported: algorithms.filter((alg) => ALGORITHMS.includes(alg)),
    },
    settings.CLIENT_ID,
    { [clockTolerance]: CLOCK_TOLERANCE_SECONDS },
    clientAuthentication(settings, metadata),
  );
  config.timeout = TIMEOUT_SECONDS;
  config[customFetch] = (url, options) => providerFetch(url, options as RequestInit);
  // Without it signatures are not looked at, since TLS is proof enough to the letter of the standard.
  enableNonRepudiationChecks(config);
  if (isLoopback(new URL(issuer))) allowInsecureRequests(config);
  return config;
}

/** The body first: providers disagree about how a secret is encoded in a Basic header. */
function clientAuthentication(
  { CLIENT_AUTH, CLIENT_SECRET }: OidcSettings,
  { token_endpoint_auth_methods_supported: supported }: ProviderMetadata,
): ClientAuth {
  if (CLIENT_SECRET === undefined) return None();
  // Providers that say nothing take Basic, by the standard.
  const method = CLIENT_AUTH ?? (supported?.includes("client_secret_post") ? "post" : "basic");
  return method === "post" ? ClientSecretPost(CLIENT_SECRET) : ClientSecretBasic(CLIENT_SECRET);
}
