/** Client Tokens: JWTs signed with a key made at start. What they are good for is enforced in auth.ts. */
import { randomUUID } from "node:crypto";
import { decodeJwt, generateKeyPair, jwtVerify, SignJWT } from "jose";

/** What a token may do, as its claims and the control API say it. Times in Unix seconds, on the Customer's clock. */
export interface IssuedToken {
  jti: string;
  customer: string;
  /** One origin, or the list that the second mint takes. */
  origin: string | string[];
  allowed_endpoints: string[];
  issued_at: number;
  expires_at: number;
}

export interface Grant {
  customerId: string;
  origins: string[];
  endpoints: string[];
  ttlSeconds: number;
}

const ISSUER = "https://ringside.mock";
const ALGORITHM = "ES256";

export class TokenIssuer {
  readonly #keys: CryptoKeyPair;
  readonly #issued = new Map<string, IssuedToken & { revoked: boolean }>();

  private constructor(keys: CryptoKeyPair) {
    this.#keys = keys;
  }

  static async create(): Promise<TokenIssuer> {
    return new TokenIssuer(await generateKeyPair(ALGORITHM));
  }

  /** @param now the Customer's clock, in milliseconds */
  async mint({ customerId, origins, endpoints, ttlSeconds }: Grant, now: number) {
    const issuedAt = Math.floor(now / 1000);
    const [only, ...others] = origins;
    const token: IssuedToken = {
      jti: randomUUID(),
      customer: customerId,
      origin: only !== undefined && others.length === 0 ? only : origins,
      allowed_endpoints: endpoints,
      issued_at: issuedAt,
      expires_at: issuedAt + Math.floor(ttlSeconds),
    };
    this.#issued.set(token.jti, { ...token, revoked: false });
    const jwt = await new SignJWT({ origin: token.origin, endpoints })
      .setProtectedHeader({ alg: ALGORITHM, typ: "JWT" })
      .setIssuer(ISSUER)
      .setSubject(customerId)
      .setJti(token.jti)
      .setIssuedAt(issuedAt)
      .setExpirationTime(token.expires_at)
      .sign(this.#keys.privateKey);
    return { object: "client_token", token: jwt, expires_at: token.expires_at };
  }

  /** The token when its signature, issuer, lifetime and standing are good; null in every other case. */
  async verify(jwt: string, clockOf: (customerId: string) => number): Promise<IssuedToken | null> {
    const known = this.peek(jwt);
    if (!known || this.#issued.get(known.jti)?.revoked) return null;
    try {
      await jwtVerify(jwt, this.#keys.publicKey, {
        issuer: ISSUER,
        algorithms: [ALGORITHM],
        currentDate: new Date(clockOf(known.customer)),
      });
      return known;
    } catch {
      return null;
    }
  }

  /** Which token this claims to be, unverified: for the log and for faults, never for access. */
  peek(jwt: string): IssuedToken | null {
    try {
      return this.#issued.get(decodeJwt(jwt).jti ?? "") ?? null;
    } catch {
      return null;
    }
  }

  /** Ends what was minted so far, for one Customer or for all (null). */
  revoke(customerId: string | null): void {
    for (const token of this.#issued.values()) {
      if (customerId === null || token.customer === customerId) token.revoked = true;
    }
  }

  /** Oldest first. */
  list(customerId: string | null): IssuedToken[] {
    return [...this.#issued.values()]
      .filter((token) => customerId === null || token.customer === customerId)
      .map(({ revoked: _revoked, ...token }) => token);
  }
}
