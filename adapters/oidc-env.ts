/** The variables of the `oidc` adapter; `docs/providers/` has their values for each provider. */
import * as z from "zod";
import { fromConsole } from "./from-console.ts";
import { instanceOf, variablesOf } from "./instance.ts";
import { faultOfUrl, pageUrl } from "./web-url.ts";

/** One or more names with single spaces between them, as RFC 6749 wants them. */
const SCOPES = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/;

const fields = {
  ISSUER: z
    .string({ error: "is required: the issuer of your OpenID Connect provider, e.g. https://id.example.com" })
    .transform((value, context) => {
      const fault = faultOf(value);
      if (!fault) return new URL(value);
      context.addIssue({ code: "custom", message: fault });
      return z.NEVER;
    }),
  CLIENT_ID: fromConsole("the client id you registered at the provider"),
  CLIENT_SECRET: fromConsole("the client secret you registered at the provider").optional(),
  /**
   * How the client proves itself. What a provider can do is in its metadata; what it expects of this client is not.
   * `none` is a public client: said out loud, because a secret that was forgotten looks the same.
   */
  CLIENT_AUTH: z.enum(["post", "basic", "none"], { error: "must be post, basic or none" }).optional(),
  SCOPES: z
    .string()
    .regex(SCOPES, { error: "must be names with single spaces between them" })
    .refine((scopes) => scopes.split(" ").includes("openid"), { error: "must hold openid" })
    .default("openid profile email"),
  LABEL: z.string().max(60, { error: "at most 60 characters" }).optional(),
  /** For providers whose end-session endpoint is none by the standard, or wants the id_token that we do not keep. */
  SIGN_OUT_URL: pageUrl().optional(),
};

export type OidcSettings = z.output<z.ZodObject<typeof fields>>;

/** @param name null for `oidc`; `okta` for `oidc:okta`, with `OIDC_OKTA_ISSUER` and so on */
export function oidcVariables(name: string | null) {
  const instance = instanceOf("oidc", name);
  const { env, settings } = variablesOf(instance.variables, fields);
  const secret = `${instance.variables}CLIENT_SECRET`;
  const method = `${instance.variables}CLIENT_AUTH`;
  return {
    instance,
    settings,
    env: env.refine((values) => (values[method] === "none") === (values[secret] === undefined), {
      path: [secret],
      error: `is required, unless ${method}=none says that the client is a public one without a secret`,
      // Also beside faults of other variables: all of them are told at once.
      when: ({ issues }) => !issues.some(({ path }) => path?.some((key) => key === secret || key === method)),
    }),
  };
}

function faultOf(issuer: string): string | null {
  if (!URL.canParse(issuer)) return "must be an address: the issuer of your OpenID Connect provider";
  const fault = faultOfUrl(issuer);
  if (fault) return fault;
  const url = new URL(issuer);
  if (url.search || url.hash) return "must be an address without query or fragment";
  return url.pathname.includes("/.well-known/")
    ? "must be the issuer itself, not the address of its metadata: leave out /.well-known/…"
    : null;
}
