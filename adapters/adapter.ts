/**
 * The adapter contract: how an identity provider tells this app who the user is, and which Ringside
 * Customer is theirs. An adapter imports nothing from `app`, so it can be read, tested and moved alone.
 */
import type * as z from "zod";

/** The user who signed in, from the provider's raw data. */
export interface Identity {
  /** The authority under which `subject` is unique, e.g. `https://github.com`. */
  issuer: string;
  /** The provider's immutable id of the user: never an e-mail address, never a login name. Both change hands. */
  subject: string;
  /** For display only. */
  name?: string;
  /** For display only, and only when the provider says it is verified. No user is ever looked up by it. */
  email?: string;
  /** An https URL of a picture. */
  avatarUrl?: string;
}

/** What the app tells an adapter about itself. Nothing here is ever derived from a request. */
export interface AppInfo {
  /** The one public origin (`APP_ORIGIN`). */
  origin: URL;
  /** Where the provider sends users back; register exactly this. */
  callbackUrl: URL;
  /** Whether cookies can carry `Secure`. */
  secureCookies: boolean;
}

/** One of several ways to start the same adapter, shown as its own button (a persona, a connection). */
export interface Choice {
  id: string;
  label: string;
  hint?: string;
}

interface WithIssuers {
  /**
   * The only values of `Identity.issuer` that this connection answers for. A session of any other issuer is over: the
   * adapter has been configured for another provider, where the same subject is another user.
   */
  issuers: readonly string[];
}

/** Users go to the provider and come back. */
export interface RedirectConnection extends WithIssuers {
  kind: "redirect";
  /** The operator's own name for it, instead of the adapter's label. */
  label?: string;
  /** Origins that `start` may lead to; it is refused everywhere else. */
  origins: string[];
  /** When given, the sign-in page shows a button per choice and `start` finds its id in the query as `choice`. */
  choices?: Choice[];
  /**
   * Answers the redirect to the provider, with a `state` parameter of at least 128 random bits in its Location.
   * Cookies set here come back in `finish` and only there: the app seals them into one short-lived cookie per
   * attempt (see attempts.ts), so they are private, tamper-proof, used once, and no second tab can overwrite them.
   */
  start(request: Request): Promise<Response>;
  /** Checks the provider's answer and returns the user. @throws AdapterError */
  finish(request: Request): Promise<Identity>;
  /** Where to send the user so that the provider ends its session too; null when it has no such page. */
  signOutUrl?(returnTo: URL): URL | null;
}

/** The request already says who it is: a proxy or an auth service in front has put a token (JWT) on it. */
export interface ProxyAuthenticatedConnection extends WithIssuers {
  kind: "proxy-authenticated";
  /** Who the request is from; null when it carries no token. @throws AdapterError when the token is bad. */
  identify(request: Request): Promise<Identity | null>;
  /** The operator's own name for it, instead of the adapter's label. */
  label?: string;
  /** Where a user without a token gets one; without it the proxy in front is expected to send users there. */
  signInUrl?: URL;
  /** Where the token is given up. Without it this app cannot sign a user out, and must not offer to. */
  signOutUrl?: URL;
}

export type Connection = RedirectConnection | ProxyAuthenticatedConnection;

export interface AuthAdapter<Env = unknown> {
  /** URL segment and AUTH_ADAPTERS value: lower-case letters, digits, hyphens; `oidc:okta` for one of several. */
  id: string;
  /** "Continue with <label>". */
  label: string;
  /** The adapter's own environment variables. Every key is a variable's name. */
  env: z.ZodType<Env>;
  /** Called once at boot. */
  connect(env: Env, app: AppInfo): Connection | Promise<Connection>;
  /**
   * The provider's user id → Ringside `external_id`. Pure, stable, different for different people, prefixed
   * by the provider. Never derived from a name, login or e-mail.
   */
  externalId(identity: Identity): string;
  /**
   * Every `issuer` that this adapter's identities can have, where its variables say so: with several adapters,
   * EXTERNAL_ID_TEMPLATE may tell them apart by {issuer} only then.
   */
  issuers?(env: Env, origin: URL): string[];
  /** Another of the same kind beside it: `okta` is `oidc:okta`. Absent when there can be one only. */
  instance?(name: string): AuthAdapter;
  /** Signs any user in as any other: what runs when nothing is configured, and what production refuses. */
  unguarded?: true;
  /**
   * For `npm run doctor`: asks the provider what a trial sign-in cannot show, such as under which name it signs.
   * Changes nothing there; answers no fault when all is well. @throws AdapterError when it cannot be asked
   */
  probe?(env: Env, signal: AbortSignal): Promise<ProbeFault[]>;
}

/** The variable to change, and a problem that completes the sentence after its name; no secret in either. */
export interface ProbeFault {
  variable: string;
  problem: string;
}

/** Declares an adapter; exists so that `env` gives `connect` its type. */
export function defineAdapter<Env>(adapter: AuthAdapter<Env>): AuthAdapter<Env> {
  return adapter;
}

/** Why a sign-in did not happen. The user sees our own sentence for the code, never the provider's text. */
export type AdapterErrorCode =
  /** The user cancelled at the provider. */
  | "access_denied"
  /** No sign-in attempt of this browser matches: expired, replayed, forged, or cookies blocked. */
  | "invalid_state"
  /** The answer is not from the provider we asked (`iss`, signature, audience, nonce). */
  | "invalid_response"
  /** The provider failed, timed out or refused our client. */
  | "provider_unavailable";

export class AdapterError extends Error {
  readonly code: AdapterErrorCode;
  /** @param detail for the log only; never a secret, code, state or token. */
  constructor(code: AdapterErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = "AdapterError";
    this.code = code;
  }
}

/** Brand check, since `instanceof` fails when two copies of a package are loaded. */
export function isAdapterError(error: unknown): error is AdapterError {
  return error instanceof Error && error.name === "AdapterError" && "code" in error;
}
