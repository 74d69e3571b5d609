/**
 * Any OpenID Connect provider, by discovery. Several side by side are `oidc:okta`, `oidc:google`, each with its own
 * variables (`OIDC_OKTA_ISSUER`), callback and external_ids.
 *
 * Register a web client with a secret; redirect URI: `<APP_ORIGIN>/auth/oidc/callback` (`/auth/oidc:okta/callback`);
 * post-logout redirect URI: `<APP_ORIGIN>/sign-in`. `docs/providers/` says what those are called where.
 */
import {
  type AppInfo,
  type AuthAdapter,
  defineAdapter,
  type Identity,
  isAdapterError,
  type RedirectConnection,
} from "./adapter.ts";
import { fromStrategy } from "./from-strategy.ts";
import { createDiscovery, type ProviderMetadata } from "./oidc-discovery.ts";
import { type OidcSettings, oidcVariables } from "./oidc-env.ts";
import { type OidcAnswer, OidcStrategy } from "./oidc-strategy.ts";
import { displayClaims } from "./tokens.ts";

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
    // With the final slash or without, as the provider writes itself.
    issuers: (values) => [settings(values).ISSUER.href, settings(values).ISSUER.href.replace(/\/$/, "")],
  });
}

export const oidc: AuthAdapter = { ...oidcAdapter(null), instance: oidcAdapter };

async function connect(
  settings: OidcSettings,
  { callbackUrl, origin }: AppInfo,
): Promise<RedirectConnection> {
  const discovery = createDiscovery(settings.ISSUER);
  // A provider that is down now is asked again at the next sign-in: whoever is signed in, or comes by another way,
  // has no need of it. One that is not who it should be is a fault to mend before anybody comes.
  await discovery.metadata().catch((error: unknown) => {
    if (!isAdapterError(error) || error.code !== "provider_unavailable") throw error;
  });

  const legs = (metadata: ProviderMetadata) =>
    fromStrategy({
      issuer: metadata.issuer,
      issRequired: metadata.authorization_response_iss_parameter_supported ?? false,
      strategy: (attempt) =>
        new OidcStrategy({ settings, metadata, callbackUrl, attempt }, (answer) =>
          identityOf(metadata.issuer, answer),
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
      // Providers differ about the slash at the end; until this one has been asked, its sessions are those of both names.
      const { href } = settings.ISSUER;
      return discovery.known ? [discovery.known.issuer] : [href, href.replace(/\/$/, "")];
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
    /** We keep no id_token to send as a hint, so a provider may ask whether the person means it. */
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

async function identityOf(issuer: string, { claims, userInfo }: OidcAnswer): Promise<Identity> {
  const shown = displayClaims(claims);
  // Many id_tokens hold the subject alone.
  const more = shown.name && shown.email ? {} : displayClaims((await userInfo()) ?? {});
  return { issuer, subject: claims.sub, ...more, ...shown };
}
