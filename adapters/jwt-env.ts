/** The variables of the `jwt` adapter; `docs/providers/` has their values for each proxy and auth service. */
import * as z from "zod";
import { ALGORITHMS } from "./tokens.ts";
import { faultOfUrl, pageUrl } from "./web-url.ts";

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

const list = (value: string) =>
  value
    .split(",")
    .map((entry) => entry.trim())
    .filter(Boolean);

const required = (meaning: string) => z.string({ error: `is required: ${meaning}` });

export const jwtFields = {
  ISSUER: required("the exact `iss` of the JWTs").regex(/^\S+$/, {
    error: "must be the exact `iss`, without spaces",
  }),
  AUDIENCE: required("who the JWTs must be for, or those meant for others would sign people in here")
    .transform(list)
    .refine((audiences) => audiences.length > 0, { error: "must name at least one audience" }),
  /** Some say whom a JWT is for elsewhere: Clerk in `azp`, Cognito in `client_id`, AWS in the header's `signer`. */
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
