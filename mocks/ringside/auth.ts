/** The API key, the Client Tokens that it mints, and which of them a route takes. */
import { randomUUID } from "node:crypto";
import { decodeJwt, generateKeyPair, jwtVerify, SignJWT } from "jose";
import type { CustomerStore } from "./customers.ts";
import { errorResponse } from "./http.ts";

/** What a token allows, as its claims and the control API state it. Times in Unix seconds, on the Customer's clock. */
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

  /** The token if its signature, issuer and lifetime are valid and it is not revoked; null in every other case. */
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

  /** The token that this claims to be, unverified: for the log and for faults, never for access. */
  peek(jwt: string): IssuedToken | null {
    try {
      return this.#issued.get(decodeJwt(jwt).jti ?? "") ?? null;
    } catch {
      return null;
    }
  }

  /** Revokes the tokens minted so far, of one Customer or of all (null). */
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

type Caller = { kind: "server" } | { kind: "client"; customerId: string };

export interface Auth {
  /** For routes that take the API key only. @throws Response 401, 403 */
  requireKey(request: Request): Promise<void>;
  /** For routes that take the API key or a Client Token. @throws Response 401, 403 */
  requireCaller(request: Request): Promise<Caller>;
}

export function createAuth(deps: {
  apiKey: string;
  customers: CustomerStore;
  tokens: TokenIssuer;
  now: () => number;
}): Auth {
  const clockOf = (customerId: string) => deps.customers.byId(customerId)?.now() ?? deps.now();

  /** The order of the checks decides which code a request with several faults gets. */
  async function client(request: Request, jwt: string): Promise<Caller> {
    const token = await deps.tokens.verify(jwt, clockOf);
    if (!token)
      throw errorResponse(401, "invalid_client_token", "The Client Token has expired or is not valid.");
    const origin = request.headers.get("origin");
    if (origin === null || ![token.origin].flat().includes(origin)) {
      throw errorResponse(403, "origin_not_allowed", "The Client Token is locked to another origin.");
    }
    if (!token.allowed_endpoints.includes(new URL(request.url).pathname)) throw endpointNotAllowed();
    return { kind: "client", customerId: token.customer };
  }

  async function requireCaller(request: Request): Promise<Caller> {
    const jwt = clientToken(request);
    if (jwt !== null) return client(request, jwt);
    if (request.headers.get("authorization") === `Bearer ${deps.apiKey}`) return { kind: "server" };
    throw errorResponse(401, "invalid_api_key", "The API key is missing or not valid.");
  }

  return {
    requireCaller,
    async requireKey(request) {
      const caller = await requireCaller(request);
      // Not even a valid token whose list names the route is enough here.
      if (caller.kind === "client") throw endpointNotAllowed();
    },
  };
}

const endpointNotAllowed = () =>
  errorResponse(403, "endpoint_not_allowed", "The Client Token does not allow this endpoint.");

/** The JWT of an `Authorization: Client …` header; null under any other scheme. */
export function clientToken(request: Request): string | null {
  return /^Client (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;
}
