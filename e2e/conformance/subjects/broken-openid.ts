/** Adapters that read id_tokens: one that looks, and some that look away. */
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { AdapterError, type Identity, type RedirectConnection } from "#adapters/adapter.ts";
import { openid, type Profile, ReferenceAdapter, type Secrets } from "./reference-adapter.ts";

class ReferenceOpenId extends ReferenceAdapter {
  override tokenPath = "/oauth/token";

  override async identify(tokens: Record<string, unknown>, _query: URLSearchParams, { nonce }: Secrets) {
    const keys = createRemoteJWKSet(new URL("/.well-known/jwks.json", this.settings.url));
    const { payload, protectedHeader } = await jwtVerify<Profile>(String(tokens["id_token"]), keys, {
      issuer: `${this.settings.url}/`,
      audience: this.settings.clientId,
      algorithms: ["RS256"],
    }).catch(() => {
      throw new AdapterError("invalid_response", "id_token: refused");
    });
    this.checkNonce(payload["nonce"], nonce);
    this.checkTime(payload.iat ?? 0);
    this.checkClient(payload.aud, payload["azp"]);
    this.checkKind(protectedHeader.typ ?? "JWT");
    return this.identityOf(payload);
  }

  override checkIssuer() {
    // Auth0 does not name itself in its answer.
  }

  override connection(): RedirectConnection {
    return { ...super.connection(), signOutUrl: (returnTo) => this.signOutUrl(returnTo) };
  }

  signOutUrl(returnTo: URL): URL | null {
    const url = new URL("/v2/logout", this.settings.url);
    url.search = new URLSearchParams({
      client_id: this.settings.clientId,
      returnTo: returnTo.href,
    }).toString();
    return url;
  }

  checkNonce(said: unknown, nonce: string): void {
    if (said !== nonce) throw new AdapterError("invalid_response", "id_token: another nonce");
  }

  checkTime(iat: number): void {
    if (iat > Date.now() / 1000 + 60) throw new AdapterError("invalid_response", "id_token: iat");
  }

  checkClient(aud: unknown, azp: unknown): void {
    const several = Array.isArray(aud) && aud.length > 1;
    if ((azp ?? (several ? null : this.settings.clientId)) !== this.settings.clientId)
      throw new AdapterError("invalid_response", "id_token: azp");
  }

  checkKind(typ: string): void {
    if (typ !== "JWT") throw new AdapterError("invalid_response", "id_token: typ");
  }

  override identityOf(profile: Profile): Identity {
    return { ...super.identityOf(profile), issuer: `${this.settings.url}/` };
  }
}

class OnlyDecoded extends ReferenceOpenId {
  override async identify(tokens: Record<string, unknown>) {
    return this.identityOf(decodeJwt<Profile>(String(tokens["id_token"])));
  }
}

class NonceUnread extends ReferenceOpenId {
  override checkNonce() {}
}

class TimeUnread extends ReferenceOpenId {
  override checkTime() {}
}

class ClientUnread extends ReferenceOpenId {
  override checkClient() {}
}

class KindUnread extends ReferenceOpenId {
  override checkKind() {}
}

class NonceFixed extends ReferenceOpenId {
  override secrets() {
    return { ...super.secrets(), nonce: "n".repeat(43) };
  }
}

class StaysSignedIn extends ReferenceOpenId {
  override signOutUrl() {
    return null;
  }
}

class LeadsBackNowhere extends ReferenceOpenId {
  override signOutUrl() {
    return new URL("/v2/logout", this.settings.url);
  }
}

export const referenceOpenId = openid(ReferenceOpenId);

export const brokenOpenId = {
  "an id_token that is decoded and not verified": [openid(OnlyDecoded), ["CB-14"]],
  "a nonce that is sent and not compared": [openid(NonceUnread), ["CB-14"]],
  "an id_token from the future accepted": [openid(TimeUnread), ["CB-14"]],
  "an id_token issued to another client accepted": [openid(ClientUnread), ["CB-14"]],
  "an access token taken for an id_token": [openid(KindUnread), ["CB-14"]],
  "no way to sign out at the provider": [openid(StaysSignedIn), ["SES-6"]],
  "a sign-out that leads back nowhere": [openid(LeadsBackNowhere), ["SES-6"]],
  "one nonce for all users": [openid(NonceFixed), ["START-10"]],
} as const;
