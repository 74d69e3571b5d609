/** The rules for signed tokens, id_tokens and JWTs of proxies alike, beside signature, `iss`, `aud` and `exp`. */
import { AdapterError } from "./adapter.ts";

/** Asymmetric only: `none` signs nothing, and HMAC lets everyone who holds the client secret or public key sign. */
export const ALGORITHMS = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");

/** How far an issuer's clock may differ from ours. */
export const CLOCK_TOLERANCE_SECONDS = 60;

export interface DecodedToken {
  header: { typ?: unknown };
  claims: Record<string, unknown>;
}

/**
 * Refuses what a verified signature cannot tell: a token of another kind, from the future, or issued to another
 * client, which could replay it here.
 * @param step for the log: which token it is @param clients our own names; null where `azp` means something else
 * @throws AdapterError `invalid_response`
 */
export function checkTokenUse(
  step: string,
  { header, claims }: DecodedToken,
  clients: readonly string[] | null,
) {
  const refuse = (rule: string): never => {
    throw new AdapterError("invalid_response", `${step}: ${rule}`);
  };
  // RFC 8725, 3.11: access, logout and other special tokens say in `typ` what they are, such as `at+jwt`.
  if (header.typ !== undefined && (typeof header.typ !== "string" || header.typ.includes("+")))
    refuse("another kind of token: typ");
  // RFC 8417: logout tokens and other security events, which need not have a `typ`.
  if (claims["events"] !== undefined) refuse("another kind of token: events");
  const { iat, aud, azp } = claims;
  if (iat !== undefined && !(Number(iat) <= Date.now() / 1000 + CLOCK_TOLERANCE_SECONDS))
    refuse("issued in the future: iat");
  if (!clients) return;
  const isOurs = (client: unknown) => typeof client === "string" && clients.includes(client);
  if (azp !== undefined && !isOurs(azp)) refuse("issued to another client: azp");
  if (azp === undefined && Array.isArray(aud) && aud.length > 1 && !aud.every(isOurs))
    refuse("for several audiences without naming its client: azp");
}

/** The claims for display. An address that another source calls verified is not: both claims are of one source. */
export function displayClaims({ name, picture, email, email_verified }: Record<string, unknown>) {
  // Cognito, and so AWS load balancers, write the boolean as a string.
  const verified = email_verified === true || email_verified === "true";
  return {
    ...(isText(name) && { name }),
    ...(isText(picture) && { avatarUrl: picture }),
    ...(verified && isText(email) && { email }),
  };
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
