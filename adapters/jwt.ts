/**
 * For apps behind a proxy or an auth service that has put a JWT on each request: nobody is sent anywhere. What the
 * JWT says counts only when its issuer signed it, for this app, and it has not expired.
 */
import { errors, jwtVerify } from "jose";
import {
  AdapterError,
  type AmbientConnection,
  type AppInfo,
  type AuthAdapter,
  defineAdapter,
  isAdapterError,
} from "./adapter.ts";
import { describeError } from "./describe-error.ts";
import { checkIdentity } from "./identity.ts";
import { instanceOf, variablesOf } from "./instance.ts";
import { jwtFields } from "./jwt-env.ts";
import { keysFrom } from "./jwt-keys.ts";
import { probeKeys } from "./jwt-probe.ts";
import { proofReader } from "./jwt-proof.ts";
import { CLOCK_TOLERANCE_SECONDS, checkTokenUse, displayClaims } from "./tokens.ts";

/** @param name null for `jwt`; `cloudflare` for `jwt:cloudflare`, with `JWT_CLOUDFLARE_ISSUER` and so on */
export function jwtAdapter(name: string | null): AuthAdapter {
  const instance = instanceOf("jwt", name);
  const { env, settings } = variablesOf(instance.variables, jwtFields);
  return defineAdapter({
    id: instance.id,
    label: name ?? "your identity provider",
    env,
    connect: (values, app) => connect(settings(values), app),
    externalId: ({ subject }) => instance.externalIds + subject,
    issuers: (values) => [settings(values).ISSUER],
    probe: (values, signal) => probeKeys(`${instance.variables}JWKS_URL`, settings(values).JWKS_URL, signal),
  });
}

export const jwt: AuthAdapter = { ...jwtAdapter(null), instance: jwtAdapter };

type Settings = ReturnType<ReturnType<typeof variablesOf<typeof jwtFields>>["settings"]>;

function connect(settings: Settings, { origin }: AppInfo): AmbientConnection {
  const { ISSUER, AUDIENCE, AUDIENCE_CLAIM, JWKS_URL, LABEL, SIGN_IN_URL, SIGN_OUT_URL } = settings;
  const readProof = proofReader(settings);
  const keys = keysFrom(JWKS_URL);
  const checks = {
    issuer: ISSUER,
    algorithms: settings.ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ["sub", "exp"],
    ...(AUDIENCE_CLAIM === "aud" && { audience: AUDIENCE }),
  };

  return {
    kind: "ambient",
    issuers: [ISSUER],
    ...(LABEL && { label: LABEL }),
    ...(SIGN_IN_URL && { signInUrl: new URL(SIGN_IN_URL, origin) }),
    ...(SIGN_OUT_URL && { signOutUrl: new URL(SIGN_OUT_URL, origin) }),
    async identify(request) {
      const jwt = readProof(request);
      if (jwt === null) return null;
      const { payload, protectedHeader } = await jwtVerify(jwt, keys, checks).catch((error: unknown) => {
        throw refusal(error);
      });
      // `signer` is in the header; an `azp` beside it is of the provider behind the load balancer.
      const clients = AUDIENCE_CLAIM === "signer" ? null : AUDIENCE;
      checkTokenUse("JWT", { header: protectedHeader, claims: payload }, clients);
      if (AUDIENCE_CLAIM !== "aud") {
        const intended = (AUDIENCE_CLAIM === "signer" ? protectedHeader : payload)[AUDIENCE_CLAIM];
        if (typeof intended !== "string" || !AUDIENCE.includes(intended))
          throw new AdapterError("invalid_response", `JWT: another ${AUDIENCE_CLAIM}`);
      }
      return checkIdentity({ issuer: payload.iss, subject: payload.sub, ...displayClaims(payload) });
    },
  };
}

/** For the log: which rule a JWT broke, and nothing of what it says. */
function refusal(error: unknown): AdapterError {
  if (isAdapterError(error)) return error;
  const claim = error instanceof errors.JWTClaimValidationFailed ? ` ${error.claim}` : "";
  return new AdapterError(
    keysAreUnreadable(error) ? "provider_unavailable" : "invalid_response",
    `JWT: ${describeError(error)}${claim}`,
  );
}

/** The JWT may be sound: what the issuer publishes is not a key set. */
const keysAreUnreadable = (error: unknown) =>
  !(error instanceof errors.JOSEError) ||
  ["ERR_JOSE_GENERIC", errors.JWKSTimeout.code, errors.JWKSInvalid.code].includes(error.code);
