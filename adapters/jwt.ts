/**
 * For apps behind a proxy or an auth service that puts a JWT on each request. The JWT counts only when its issuer
 * signed it for this app and it has not expired. `docs/providers/` has the variables for each proxy and auth service.
 */
import { errors, jwtVerify } from "jose";
import * as z from "zod";
import {
  AdapterError,
  type AppInfo,
  type AuthAdapter,
  defineAdapter,
  isAdapterError,
  type ProbeFault,
  type ProxyAuthenticatedConnection,
} from "./adapter.ts";
import { providerFetch } from "./bounded-fetch.ts";
import { describeError } from "./describe-error.ts";
import { checkIdentity } from "./identity.ts";
import { keysFrom } from "./jwt-keys.ts";
import { instanceOf, variablesOf } from "./settings.ts";
import { ALGORITHMS, CLOCK_TOLERANCE_SECONDS, checkTokenUse, displayClaims } from "./tokens.ts";
import { faultOfUrl, pageUrl } from "./web-url.ts";

/** A token as in RFC 9110: the name of a header or a cookie. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

const list = (value: string) =>
  value
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean);

const required = (meaning: string) => z.string({ error: `is required: ${meaning}` });

const jwtFields = {
  ISSUER: required("the exact `iss` of the JWTs").regex(/^\S+$/, {
    error: "must be the exact `iss`, without spaces",
  }),
  AUDIENCE: required("who the JWTs must be for, or those meant for others would sign users in here")
    .transform(list)
    .refine((audiences) => audiences.length > 0, { error: "must name at least one audience" }),
  /** Some issuers name the audience elsewhere: Clerk in `azp`, Cognito in `client_id`, AWS in the header's `signer`. */
  AUDIENCE_CLAIM: z
    .enum(["aud", "azp", "client_id", "signer"], { error: "must be aud, azp, client_id or signer" })
    .default("aud"),
  JWKS_URL: required("where the issuer publishes its public keys").superRefine((value, context) => {
    const fault = faultOfKeysUrl(value);
    if (fault) context.addIssue({ code: "custom", message: fault });
  }),
  HEADER: z.string().regex(TOKEN, { error: "must be the name of a request header" }).optional(),
  COOKIE: z.string().regex(TOKEN, { error: "must be the name of a cookie" }).optional(),
  ALGORITHMS: z
    .string()
    .default("RS256,ES256,EdDSA")
    .transform(list)
    .refine((names) => names.length > 0 && names.every((name) => ALGORITHMS.includes(name)), {
      error: `must name asymmetric algorithms: some of ${ALGORITHMS.join(", ")}`,
    }),
  LABEL: z.string().max(60, { error: "at most 60 characters" }).optional(),
  SIGN_IN_URL: pageUrl().optional(),
  SIGN_OUT_URL: pageUrl().optional(),
};

/** `{kid}` stands for a key's id where the issuer has one address per key. It must not choose the host. */
function faultOfKeysUrl(value: string): string | null {
  const at = (kid: string) => value.replaceAll("{kid}", kid);
  if (!URL.canParse(at("a"))) return "must be the address of a JWKS, or of PEM keys with {kid} in it";
  const fault = faultOfUrl(at("a"));
  if (fault) return fault;
  return new URL(at("a")).origin === new URL(at("b")).origin ? null : "must have {kid} in the path or query";
}

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

function connect(settings: Settings, { origin }: AppInfo): ProxyAuthenticatedConnection {
  const { ISSUER, AUDIENCE, AUDIENCE_CLAIM, JWKS_URL, LABEL, SIGN_IN_URL, SIGN_OUT_URL } = settings;
  const readToken = tokenReader(settings);
  const keys = keysFrom(JWKS_URL);
  const checks = {
    issuer: ISSUER,
    algorithms: settings.ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ["sub", "exp"],
    ...(AUDIENCE_CLAIM === "aud" && { audience: AUDIENCE }),
  };

  return {
    kind: "proxy-authenticated",
    issuers: [ISSUER],
    ...(LABEL && { label: LABEL }),
    ...(SIGN_IN_URL && { signInUrl: new URL(SIGN_IN_URL, origin) }),
    ...(SIGN_OUT_URL && { signOutUrl: new URL(SIGN_OUT_URL, origin) }),
    async identify(request) {
      const jwt = readToken(request);
      if (jwt === null) return null;
      const { payload, protectedHeader } = await jwtVerify(jwt, keys, checks).catch((error: unknown) => {
        throw tokenError(error);
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

/** For the log: which rule the JWT broke, and nothing of its content. */
function tokenError(error: unknown): AdapterError {
  if (isAdapterError(error)) return error;
  const claim = error instanceof errors.JWTClaimValidationFailed ? ` ${error.claim}` : "";
  return new AdapterError(
    keysAreUnreadable(error) ? "provider_unavailable" : "invalid_response",
    `JWT: ${describeError(error)}${claim}`,
  );
}

/** The JWT may be valid: what the issuer publishes is not a key set. */
const keysAreUnreadable = (error: unknown) =>
  !(error instanceof errors.JOSEError) ||
  ["ERR_JOSE_GENERIC", errors.JWKSTimeout.code, errors.JWKSInvalid.code].includes(error.code);

/** Node refuses more than 16 kB of headers by default; no JWT comes near that. */
const MAX_LENGTH = 12_288;

interface Places {
  HEADER?: string | undefined;
  COOKIE?: string | undefined;
}

/**
 * Reads the JWT; null when there is none. The header comes first, and a bad one in it is not replaced by the cookie's.
 * Without a name for either it is `Authorization`.
 * @throws AdapterError `invalid_response` when what is there cannot be a JWT
 */
export function tokenReader({ HEADER, COOKIE }: Places): (request: Request) => string | null {
  const header = HEADER ?? (COOKIE === undefined ? "authorization" : null);
  return ({ headers }) => {
    const jwt = (header && inHeader(headers, header)) || (COOKIE && inCookie(headers, COOKIE)) || null;
    if (jwt !== null && jwt.length > MAX_LENGTH)
      throw new AdapterError("invalid_response", `JWT: more than ${MAX_LENGTH} characters`);
    return jwt;
  };
}

function inHeader(headers: Headers, name: string): string | null {
  const value = headers.get(name);
  if (value === null) return null;
  const bearer = /^Bearer +(.*)$/i.exec(value)?.[1] ?? null;
  // Credentials of another Authorization scheme are not a bad JWT; they are for another reader.
  return name.toLowerCase() === "authorization" ? bearer : (bearer ?? value);
}

/** Not decoded. Another subdomain can set a second cookie of the name, so two are refused like a forged one. */
function inCookie(headers: Headers, name: string): string | null {
  const prefix = `${name}=`;
  const pairs = (headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const [first, ...others] = pairs.filter((pair) => pair.startsWith(prefix));
  if (others.length > 0) throw new AdapterError("invalid_response", "JWT: more than one cookie of that name");
  return first?.slice(prefix.length) ?? null;
}

const keySet = z.object({ keys: z.array(z.object({ kty: z.string() })).min(1) });

/**
 * For `npm run doctor`: whether keys are published where this adapter looks for them.
 * @param variable the one that holds `url` @throws AdapterError `provider_unavailable` when there is no answer
 */
async function probeKeys(variable: string, url: string, signal: AbortSignal): Promise<ProbeFault[]> {
  // One address for each key, and which keys there are is known to tokens only.
  if (url.includes("{kid}")) return [];
  const response = await providerFetch(url, { signal }).catch((error: unknown) => {
    throw new AdapterError("provider_unavailable", `keys: ${describeError(error)}`);
  });
  if (response.status !== 200)
    return [{ variable, problem: `publishes no keys (status ${response.status})` }];
  const body: unknown = await response.json().catch(() => null);
  return keySet.safeParse(body).success
    ? []
    : [{ variable, problem: "publishes something that is no key set" }];
}
