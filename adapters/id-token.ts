/** OpenID Connect id_tokens: whose they are, who signed them, and for which attempt. */
import { createRemoteJWKSet, customFetch, errors, jwtVerify } from "jose";
import * as z from "zod";
import { AdapterError, type Identity } from "./adapter.ts";
import { providerFetch } from "./bounded-fetch.ts";
import { describeError } from "./describe-error.ts";
import { ALGORITHMS, CLOCK_TOLERANCE_SECONDS, checkTokenUse } from "./tokens.ts";

export interface IdTokenOptions {
  issuer: string;
  audience: string;
  jwksUrl: URL;
}

const claims = z.object({
  iss: z.string(),
  sub: z.string(),
  nonce: z.string(),
  name: z.string().optional().catch(undefined),
  picture: z.string().optional().catch(undefined),
  email: z.string().optional().catch(undefined),
  email_verified: z.boolean().optional().catch(undefined),
});

/**
 * A verifier that keeps the provider's keys and fetches them again when a token names an unknown one.
 * @throws AdapterError `invalid_response` for a bad token, `provider_unavailable` when the keys cannot be had
 */
export function createIdTokenVerifier({ issuer, audience, jwksUrl }: IdTokenOptions) {
  const keys = createRemoteJWKSet(jwksUrl, {
    timeoutDuration: 5_000,
    [customFetch]: providerFetch,
  });
  const checks = {
    issuer,
    audience,
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ["exp", "iat", "nonce", "sub"],
  };

  return async function verify(idToken: string, nonce: string): Promise<Identity> {
    const { payload, protectedHeader } = await jwtVerify(idToken, keys, checks).catch((error: unknown) => {
      throw new AdapterError(
        keysAreMissing(error) ? "provider_unavailable" : "invalid_response",
        `id_token: ${describeError(error)}`,
      );
    });
    checkTokenUse("id_token", { header: protectedHeader, claims: payload }, [audience]);
    const parsed = claims.safeParse(payload);
    if (!parsed.success) throw new AdapterError("invalid_response", "id_token: a claim has the wrong type");
    // A token of another attempt, however well signed, would sign this browser in as somebody else.
    if (parsed.data.nonce !== nonce) throw new AdapterError("invalid_response", "id_token: another nonce");
    const { iss, sub, name, picture, email, email_verified } = parsed.data;
    return {
      issuer: iss,
      subject: sub,
      ...(name && { name }),
      ...(picture && { avatarUrl: picture }),
      ...(email && email_verified && { email }),
    };
  };
}

/** The token may be sound: the fault lies with fetching or reading the key set. */
function keysAreMissing(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  return ["ERR_JOSE_GENERIC", errors.JWKSTimeout.code, errors.JWKSInvalid.code].includes(error.code);
}
