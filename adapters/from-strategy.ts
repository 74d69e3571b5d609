/**
 * Wraps a remix-auth strategy into `start` and `finish`, and handles what strategies get wrong or leave to
 * their host. attempts.ts, always around this, keeps the cookies and compares `state`.
 *
 * A strategy has one method for both legs and picks the leg by looking at the query; each leg is therefore given
 * a request that can only mean one. Per attempt there is a PKCE verifier and a nonce for strategies that have
 * none. Tokens are used, dropped and never revoked: what a revocation endpoint revokes differs by provider, and a
 * failed call would fail a sign-in that has already succeeded.
 */
import { createHash, randomBytes } from "node:crypto";
import type { OAuth2Tokens } from "arctic";
import { parseCookie, stringifySetCookie } from "cookie";
import { AdapterError, type Identity, isAdapterError, type RedirectConnection } from "./adapter.ts";
import { describeError, symbol } from "./describe-error.ts";

/** What every remix-auth strategy is to its caller, whichever copy of remix-auth it extends. */
export interface IdentityStrategy {
  authenticate(request: Request): Promise<Identity>;
}

/** New for every attempt, the same in both legs of it. */
export interface StrategyAttempt {
  codeVerifier: string;
  /** S256 of the verifier; there is no way to ask for less. */
  codeChallenge: string;
  nonce: string;
}

/** What the strategies of the remix-auth family ask of the Arctic client that they create for themselves. */
export interface StrategyClient {
  createAuthorizationURL(state: string): URL;
  /** @throws AdapterError */
  validateAuthorizationCode(code: string): Promise<OAuth2Tokens>;
}

/**
 * Runs a published strategy on another client. Arctic's know one host and https only, follow redirects with the secret
 * in the request, never time out, verify no id_token, and GitHub's has no PKCE.
 */
export const withClient = (strategy: IdentityStrategy, client: StrategyClient): IdentityStrategy =>
  Object.assign(strategy, { client });

export interface FromStrategyOptions {
  strategy(attempt: StrategyAttempt): IdentityStrategy;
  /** The `iss` that the provider puts into its answer (RFC 9207): compared whenever there is one. */
  issuer?: string;
  /** Set it for providers that always send `iss`; an answer without it is then refused. */
  issRequired?: boolean;
  /** For each leg, with all the calls it makes. */
  timeoutMs?: number;
}

const COOKIE = "from-strategy";
const randomSecret = () => randomBytes(32).toString("base64url");

function attemptFrom(codeVerifier: string, nonce: string): StrategyAttempt {
  const codeChallenge = createHash("sha256").update(codeVerifier).digest("base64url");
  return { codeVerifier, codeChallenge, nonce };
}

export function fromStrategy(options: FromStrategyOptions): Pick<RedirectConnection, "start" | "finish"> {
  return {
    async start(request) {
      const attempt = attemptFrom(randomSecret(), randomSecret());
      const url = new URL(request.url);
      url.search = "";
      const outcome = await authenticate(options, attempt, url, request.headers);
      if (!(outcome instanceof Response))
        throw new AdapterError("invalid_response", "the strategy answered without asking the provider");
      // A new Response, because those of Response.redirect() have immutable headers.
      const headers = new Headers(outcome.headers);
      headers.append("set-cookie", stringifySetCookie(COOKIE, `${attempt.codeVerifier}.${attempt.nonce}`));
      return new Response(null, { status: outcome.status, headers });
    },

    async finish(request) {
      const url = new URL(request.url);
      const attempt = attemptOf(request);
      checkAnswer(url.searchParams, options);
      const outcome = await authenticate(options, attempt, url, request.headers);
      // Following it would be an endless loop with a provider that answers without asking.
      if (outcome instanceof Response)
        throw new AdapterError("invalid_response", "the strategy started again instead of finishing");
      return outcome;
    },
  };
}

function attemptOf(request: Request): StrategyAttempt {
  const [codeVerifier, nonce] = parseCookie(request.headers.get("cookie") ?? "")[COOKIE]?.split(".") ?? [];
  if (codeVerifier && nonce) return attemptFrom(codeVerifier, nonce);
  throw new AdapterError("invalid_state", "the callback comes without the cookies of its start");
}

/** The provider's answer, in the order that leaves nothing to an attacker: state, then issuer, then error. */
function checkAnswer(query: URLSearchParams, { issuer, issRequired }: FromStrategyOptions): void {
  if (!query.get("state")) throw new AdapterError("invalid_state", "the callback has no state");
  const iss = query.get("iss");
  if (issuer && iss !== null && iss !== issuer)
    throw new AdapterError("invalid_response", "the answer names another issuer");
  if (issRequired && iss === null) throw new AdapterError("invalid_response", "the answer names no issuer");
  const error = query.get("error");
  if (error === "access_denied") throw new AdapterError("access_denied", "the user cancelled");
  if (error !== null)
    throw new AdapterError(
      "provider_unavailable",
      `the provider answered ${symbol(error) ?? "an odd error"}`,
    );
  if (!query.get("code")) throw new AdapterError("invalid_response", "the answer holds no code");
}

/** Runs a leg: the redirect it answered with, or the Identity. @throws AdapterError and nothing else */
async function authenticate(
  { strategy, timeoutMs = 10_000 }: FromStrategyOptions,
  attempt: StrategyAttempt,
  url: URL,
  headers: Headers,
): Promise<Response | Identity> {
  const deadline = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AdapterError("provider_unavailable", `no answer within ${timeoutMs} ms`));
      deadline.abort();
    }, timeoutMs);
  });
  try {
    const request = new Request(url, { headers, signal: deadline.signal });
    return await Promise.race([strategy(attempt).authenticate(request), late]);
  } catch (thrown) {
    if (thrown instanceof Response) return thrown;
    if (isAdapterError(thrown)) throw thrown;
    throw new AdapterError("provider_unavailable", `the strategy failed: ${describeError(thrown)}`);
  } finally {
    clearTimeout(timer);
  }
}
