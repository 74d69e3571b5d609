/**
 * Any OpenID Connect provider, by discovery. Several side by side are `oidc:okta`, `oidc:google`, each with its own
 * variables (`OIDC_OKTA_ISSUER`), callback and external_ids.
 *
 * Register a web client with a secret; redirect URI: `<APP_ORIGIN>/auth/oidc/callback` (`/auth/oidc:okta/callback`);
 * post-logout redirect URI: `<APP_ORIGIN>/sign-in`. `docs/providers/` has the names and values for each provider.
 */
import type { OAuth2Tokens } from "arctic";
import { parseCookie, stringifySetCookie } from "cookie";
import { randomState } from "openid-client";
import { Strategy } from "remix-auth/strategy";
import * as z from "zod";
import {
  AdapterError,
  type AppInfo,
  type AuthAdapter,
  defineAdapter,
  type Identity,
  isAdapterError,
  type RedirectConnection,
} from "./adapter.ts";
import { fromStrategy } from "./from-strategy.ts";
import { createDiscovery, type DiscoveredMetadata } from "./oidc-discovery.ts";
import { createOpenIdClient, type OpenIdClient } from "./openid.ts";
import { fromConsole, instanceOf, variablesOf } from "./settings.ts";
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
   * How the client authenticates. What a provider can do is in its metadata; what it expects of this client is not.
   * `none` is a public client: explicit, because a forgotten secret looks the same.
   */
  CLIENT_AUTH: z.enum(["post", "basic", "none"], { error: "must be post, basic or none" }).optional(),
  SCOPES: z
    .string()
    .regex(SCOPES, { error: "must be names with single spaces between them" })
    .refine((scopes) => scopes.split(" ").includes("openid"), { error: "must hold openid" })
    .default("openid profile email"),
  LABEL: z.string().max(60, { error: "at most 60 characters" }).optional(),
  /** For providers whose end-session endpoint is none by the standard, or demands the id_token, which is not kept. */
  SIGN_OUT_URL: pageUrl().optional(),
};

type OidcSettings = z.output<z.ZodObject<typeof fields>>;

/** @param name null for `oidc`; `okta` for `oidc:okta`, with `OIDC_OKTA_ISSUER` and so on */
function oidcVariables(name: string | null) {
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
      // Also beside faults of other variables, so that all are reported at once.
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

/** @param name null for `oidc`; `okta` for `oidc:okta` */
export function oidcAdapter(name: string | null): AuthAdapter {
  const { instance, env, settings } = oidcVariables(name);
  return defineAdapter({
    id: instance.id,
    label: name ?? "single sign-on",
    env,
    connect: (values, app) => connect(settings(values), app),
    // `sub` is unique under its issuer, and an instance has one issuer. For another issuer, name another instance.
    externalId: ({ subject }) => instance.externalIds + subject,
    issuers: (values) => spellingsOf(settings(values).ISSUER),
  });
}

export const oidc: AuthAdapter = { ...oidcAdapter(null), instance: oidcAdapter };

/** Providers differ about the final slash, and which one is right is known after discovery. */
const spellingsOf = ({ href }: URL) => [href, href.replace(/\/$/, "")];

async function connect(
  settings: OidcSettings,
  { callbackUrl, origin }: AppInfo,
): Promise<RedirectConnection> {
  const discovery = createDiscovery(settings.ISSUER);
  // A provider that is down is asked again at the next sign-in, since other users do not need it now. A provider that
  // is not the configured one is a configuration fault, so connecting fails.
  await discovery.metadata().catch((error: unknown) => {
    if (!isAdapterError(error) || error.code !== "provider_unavailable") throw error;
  });

  const legs = (metadata: DiscoveredMetadata) =>
    fromStrategy({
      issuer: metadata.issuer,
      issRequired: metadata.authorization_response_iss_parameter_supported ?? false,
      strategy: (attempt) =>
        new OidcStrategy(
          createOpenIdClient({
            metadata,
            clientId: settings.CLIENT_ID,
            clientSecret: settings.CLIENT_SECRET,
            clientAuth: settings.CLIENT_AUTH,
            scopes: settings.SCOPES,
            callbackUrl,
            attempt,
          }),
        ),
    });
  function signOutPage(): string | undefined {
    const { SIGN_OUT_URL } = settings;
    return SIGN_OUT_URL ? new URL(SIGN_OUT_URL, origin).href : discovery.known?.end_session_endpoint;
  }
  function origins(): string[] {
    const pages = [discovery.known?.authorization_endpoint ?? settings.ISSUER.href, signOutPage()];
    return [...new Set(pages.flatMap((page) => (page ? [new URL(page).origin] : [])))];
  }

  return {
    kind: "redirect",
    get issuers() {
      return discovery.known ? [discovery.known.issuer] : spellingsOf(settings.ISSUER);
    },
    ...(settings.LABEL && { label: settings.LABEL }),
    get origins() {
      return origins();
    },
    async start(request) {
      return legs(await discovery.metadata()).start(request);
    },
    async finish(request) {
      return legs(await discovery.metadata()).finish(request);
    },
    /** No id_token is kept for `id_token_hint`, so a provider may ask for confirmation. */
    signOutUrl(returnTo) {
      const page = signOutPage();
      if (!page) return null;
      const url = new URL(page);
      if (settings.SIGN_OUT_URL) return url;
      url.searchParams.set("client_id", settings.CLIENT_ID);
      url.searchParams.set("post_logout_redirect_uri", returnTo.href);
      return url;
    },
  };
}

const COOKIE = "oidc-state";

/** Starts when the request has no state, and finishes otherwise. */
class OidcStrategy extends Strategy<Identity, OAuth2Tokens> {
  override name = "oidc";
  readonly #client: OpenIdClient;

  constructor(client: OpenIdClient) {
    super((tokens) => client.identityOf(tokens));
    this.#client = client;
  }

  override async authenticate(request: Request): Promise<Identity> {
    const { searchParams } = new URL(request.url);
    if (!searchParams.has("state")) throw this.#redirect();
    const state = parseCookie(request.headers.get("cookie") ?? "")[COOKIE];
    if (!state || searchParams.get("state") !== state)
      throw new AdapterError("invalid_state", "the callback is of another attempt");
    return this.verify(await this.#client.validateAuthorizationCode(searchParams.get("code") ?? ""));
  }

  #redirect(): Response {
    const state = randomState();
    const location = this.#client.createAuthorizationURL(state).href;
    const headers = { location, "set-cookie": stringifySetCookie(COOKIE, state) };
    return new Response(null, { status: 302, headers });
  }
}
