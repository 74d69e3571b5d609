/** Adapters that trust tokens on requests too easily. */
import { parseCookie } from "cookie";
import { createRemoteJWKSet, decodeJwt, type JWTPayload, jwtVerify } from "jose";
import * as z from "zod";
import { AdapterError, defineAdapter, type Identity } from "#adapters/adapter.ts";
import { mock as jwt } from "#mocks/identity/jwt.ts";
import type { Harness } from "../run/harness.ts";
import { mockedHarness } from "../run/harness.ts";

const env = z.object({ JWT_ISSUER: z.string(), JWT_AUDIENCE: z.string(), JWT_JWKS_URL: z.string() });
type Env = z.output<typeof env>;
type Believe = (jwt: string | null, env: Env) => Promise<JWTPayload | null>;

const identityOf = ({ iss = "", sub = "", name, email, email_verified }: JWTPayload): Identity => ({
  issuer: iss,
  subject: sub,
  ...(typeof name === "string" && { name }),
  ...(typeof email === "string" && email_verified === true && { email }),
});

const proxyAuthenticated = (believe: Believe): Harness => {
  const adapter = defineAdapter({
    id: "jwt",
    label: "Test",
    env,
    connect: (values) => ({
      kind: "proxy-authenticated",
      issuers: [values.JWT_ISSUER],
      async identify({ headers }) {
        const payload = await believe(parseCookie(headers.get("cookie") ?? "")["mock_token"] ?? null, values);
        return payload && identityOf(payload);
      },
    }),
    externalId: ({ subject }) => `jwt_${subject}`,
  });
  return mockedHarness(adapter, jwt);
};

const verified = async (jwt: string, { JWT_JWKS_URL, ...env }: Env, checks: object = {}) => {
  const required = { issuer: env.JWT_ISSUER, audience: env.JWT_AUDIENCE, requiredClaims: ["exp"], ...checks };
  const { payload, protectedHeader } = await jwtVerify(jwt, createRemoteJWKSet(new URL(JWT_JWKS_URL)), {
    algorithms: ["RS256"],
    ...required,
  }).catch(() => {
    throw new AdapterError("invalid_response", "JWT: refused");
  });
  return { ...payload, typ: protectedHeader.typ };
};

/** What a signature and an audience do not tell. */
type Rule = (token: JWTPayload & { typ?: string | undefined }, audience: string) => boolean;
const rules = {
  time: ({ iat = 0 }) => iat < Date.now() / 1000 + 60,
  client: ({ aud, azp = Array.isArray(aud) ? null : undefined }, audience) =>
    azp === undefined || azp === audience,
  kind: ({ typ }) => typ === "JWT",
} satisfies Record<string, Rule>;

const checked = async (jwt: string, env: Env, chosen: readonly Rule[] = Object.values(rules)) => {
  const token = await verified(jwt, env);
  if (chosen.every((rule) => rule(token, env.JWT_AUDIENCE))) return token;
  throw new AdapterError("invalid_response", "JWT: refused");
};

const without = (name: keyof typeof rules) => {
  const others = Object.entries(rules).flatMap(([key, rule]) => (key === name ? [] : [rule]));
  return proxyAuthenticated(async (jwt, env) => (jwt === null ? null : checked(jwt, env, others)));
};

export const referenceProxyAuthenticated = proxyAuthenticated(async (jwt, env) =>
  jwt === null ? null : checked(jwt, env),
);

export const brokenProxyAuthenticated = {
  "a token on the request that is decoded and not verified": [
    proxyAuthenticated(async (jwt) => (jwt === null ? null : decodeJwt(jwt))),
    ["ID-10", "ID-11"],
  ],
  "a token for others accepted": [
    proxyAuthenticated(async (jwt, env) =>
      jwt === null ? null : verified(jwt, env, { audience: undefined }),
    ),
    ["ID-11"],
  ],
  "a token from the future accepted": [without("time"), ["ID-11"]],
  "a token issued to another client accepted": [without("client"), ["ID-11"]],
  "an access token accepted": [without("kind"), ["ID-11"]],
  "no token taken for an error": [
    proxyAuthenticated(async (jwt, env) => {
      if (jwt === null) throw new AdapterError("invalid_response", "no token");
      return checked(jwt, env);
    }),
    ["ID-9"],
  ],
  "the token in the log": [
    proxyAuthenticated(async (jwt, env) =>
      jwt === null
        ? null
        : checked(jwt, env).catch(() => {
            throw new AdapterError("invalid_response", `refused ${jwt}`);
          }),
    ),
    ["ID-12"],
  ],
} as const;
