/** Authorization codes: good once, for a minute, for the client, address and verifier they were asked with. */
import { createHash, randomBytes } from "node:crypto";
import type { Pkce } from "./received.ts";

export interface Grant {
  personaId: string;
  clientId: string;
  redirectUri: string;
  codeChallenge: string;
  scope: string;
  nonce: string | null;
}

/** What an application shows for a code. */
export interface Redemption {
  clientId: string;
  redirectUri: string | null;
  codeVerifier: string | null;
}

export type RedeemFault =
  | "unknown_code"
  | "expired_code"
  | "wrong_client"
  | "wrong_redirect_uri"
  | "wrong_verifier";
export interface Redeemed {
  /** Whose code it was, even if it is refused; null for one that was never given out or is used up. */
  grant: Grant | null;
  pkce: Pkce;
  fault: RedeemFault | null;
}

const LIFETIME_MS = 60_000;

export class Codes {
  readonly #now: () => number;
  #issued = new Map<string, Grant & { expiresAt: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  issue(grant: Grant): string {
    const code = randomBytes(20).toString("hex");
    this.#issued.set(code, { ...grant, expiresAt: this.#now() + LIFETIME_MS });
    return code;
  }

  /** Uses the code up, whatever comes of it. */
  redeem(code: string, shown: Redemption): Redeemed {
    const grant = this.#issued.get(code) ?? null;
    this.#issued.delete(code);
    const pkce = grant
      ? pkceOf(grant.codeChallenge, shown.codeVerifier)
      : shown.codeVerifier
        ? "mismatched"
        : "missing";
    return { grant, pkce, fault: this.#faultOf(grant, shown, pkce) };
  }

  clear(): void {
    this.#issued.clear();
  }

  #faultOf(grant: (Grant & { expiresAt: number }) | null, shown: Redemption, pkce: Pkce): RedeemFault | null {
    if (!grant) return "unknown_code";
    if (grant.expiresAt < this.#now()) return "expired_code";
    if (grant.clientId !== shown.clientId) return "wrong_client";
    if (grant.redirectUri !== shown.redirectUri) return "wrong_redirect_uri";
    return pkce === "matched" ? null : "wrong_verifier";
  }
}

function pkceOf(challenge: string, verifier: string | null): Pkce {
  if (!verifier) return "missing";
  return createHash("sha256").update(verifier).digest("base64url") === challenge ? "matched" : "mismatched";
}
