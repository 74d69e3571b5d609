/** OpenID Connect's code flow on openid-client, as a remix-auth strategy: one instance per attempt. */
import { parseCookie, stringifySetCookie } from "cookie";
import { decodeProtectedHeader } from "jose";
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  fetchUserInfo,
  type IDToken,
  randomState,
  type UserInfoResponse,
} from "openid-client";
import { Strategy } from "remix-auth/strategy";
import { AdapterError, type Identity } from "./adapter.ts";
import type { StrategyAttempt } from "./from-strategy.ts";
import { createClient } from "./oidc-client.ts";
import type { ProviderMetadata } from "./oidc-discovery.ts";
import type { OidcSettings } from "./oidc-env.ts";
import { oidcRefusal } from "./oidc-refusal.ts";
import { checkTokenUse } from "./tokens.ts";

export interface OidcStrategyOptions {
  settings: OidcSettings;
  metadata: ProviderMetadata;
  callbackUrl: URL;
  attempt: StrategyAttempt;
}

/** What the provider has said and proved. */
export interface OidcAnswer {
  claims: IDToken;
  /** Of the same subject as the claims; null when the provider has no such endpoint or it fails. */
  userInfo(): Promise<UserInfoResponse | null>;
}

const COOKIE = "oidc-state";

export class OidcStrategy extends Strategy<Identity, OidcAnswer> {
  override name = "oidc";
  readonly #options: OidcStrategyOptions;
  readonly #client: Configuration;

  constructor(
    options: OidcStrategyOptions,
    verify: ConstructorParameters<typeof Strategy<Identity, OidcAnswer>>[0],
  ) {
    super(verify);
    this.#options = options;
    this.#client = createClient(options.settings, options.metadata);
  }

  /** Throws the redirect to the provider, or answers who came back from it. @throws AdapterError */
  override async authenticate(request: Request): Promise<Identity> {
    const { search, searchParams } = new URL(request.url);
    if (!searchParams.has("state")) throw this.#leave();
    const { callbackUrl, attempt, metadata } = this.#options;
    const state = parseCookie(request.headers.get("cookie") ?? "")[COOKIE];
    if (!state || searchParams.get("state") !== state)
      throw new AdapterError("invalid_state", "the callback is of another attempt");
    // With the redirect_uri that was asked for, whatever a proxy has made of the request's own address.
    const answer = new URL(search, callbackUrl);
    const tokens = await authorizationCodeGrant(this.#client, answer, {
      expectedState: state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.codeVerifier,
      idTokenExpected: true,
    }).catch((error: unknown) => {
      throw oidcRefusal("sign-in", error);
    });
    const claims = tokens.claims();
    if (!claims || !tokens.id_token) throw new AdapterError("invalid_response", "sign-in: no id_token");
    const header = decodeProtectedHeader(tokens.id_token);
    checkTokenUse("sign-in: id_token", { header, claims }, [this.#options.settings.CLIENT_ID]);
    return this.verify({
      claims,
      userInfo: async () =>
        metadata.userinfo_endpoint ? this.#userInfo(tokens.access_token, claims.sub) : null,
    });
  }

  #leave(): Response {
    const { settings, callbackUrl, attempt } = this.#options;
    const state = randomState();
    const url = buildAuthorizationUrl(this.#client, {
      redirect_uri: callbackUrl.href,
      scope: settings.SCOPES,
      state,
      nonce: attempt.nonce,
      // Whether the provider advertises it or not: one that does not know it ignores it, and never less is asked.
      code_challenge: attempt.codeChallenge,
      code_challenge_method: "S256",
    });
    const headers = { location: url.href, "set-cookie": stringifySetCookie(COOKIE, state) };
    return new Response(null, { status: 302, headers });
  }

  async #userInfo(accessToken: string, subject: string): Promise<UserInfoResponse | null> {
    try {
      return await fetchUserInfo(this.#client, accessToken, subject);
    } catch (error) {
      const refusal = oidcRefusal("userinfo", error);
      // Somebody else's data is a reason to stop. No data is none: it is for display only.
      if (refusal.code === "invalid_response") throw refusal;
      return null;
    }
  }
}
