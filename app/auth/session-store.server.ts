/** Where sessions are stored: in their cookies (cookie-sessions, one process) or in Redis (redis-sessions, many). */
import { z } from "zod";
import { identitySchema } from "#adapters/identity.ts";

export const sessionSchema = z.object({
  /** New at every sign-in, so that a session planted before it is worth nothing after it. */
  id: z.string().min(1),
  adapterId: z.string().min(1),
  identity: identitySchema,
});
/** Who is signed in. Provider tokens are not stored: the app has no use for them, and a leak would expose them. */
export type NewSession = z.infer<typeof sessionSchema>;

export interface Session extends NewSession {
  /** Seconds since the epoch, as in a JWT. */
  startedAt: number;
  expiresAt: number;
}

/** A session as it is sealed, where the sealer adds the times. */
export const sealedSession = sessionSchema.extend({ iat: z.number(), exp: z.number() }).transform(
  ({ id, adapterId, identity, iat, exp }): Session => ({
    id,
    adapterId,
    identity,
    startedAt: iat,
    expiresAt: exp,
  }),
);

/** Every method may throw AuthUnavailable. */
export interface SessionStore {
  /** Stores a new session for that long and returns the cookie's value. @throws AdapterError when it fits no cookie */
  start(session: NewSession, ttlSeconds: number): Promise<string>;
  /**
   * The session of a cookie's value; null when there is none, or it has expired, was ended or tampered with. Counts as
   * activity where there is an idle limit.
   */
  read(cookieValue: string): Promise<Session | null>;
  /** Ends a session: copies of its cookie stop working too. */
  end(session: Session): Promise<void>;
  /** Ends every session of the same user; missing in a store that cannot list them. */
  endAll?(session: Session): Promise<void>;
  /** Resolves when sessions can be started and read. */
  check(): Promise<void>;
}

/** What does not respond: the session store, or the publisher of the keys that verify the request's token (JWT). */
export type AuthUnavailableCode = "session_store_unavailable" | "proof_unverifiable";

/** Whether the user is signed in cannot be known at the moment. Never treat it as "signed out". */
export class AuthUnavailable extends Error {
  readonly code: AuthUnavailableCode;
  constructor(code: AuthUnavailableCode, options?: ErrorOptions) {
    super(code, options);
    this.name = "AuthUnavailable";
    this.code = code;
  }
}

/** The result, or AuthUnavailable as a value, so that every caller has to say what it does then. */
export async function orUnavailable<T>(result: Promise<T>): Promise<T | AuthUnavailable> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof AuthUnavailable) return error;
    throw error;
  }
}

export const isUnavailable = (result: unknown): result is AuthUnavailable =>
  result instanceof AuthUnavailable;

/** Runs a Redis command. @throws AuthUnavailable when it fails */
export async function reach<T>(command: () => Promise<T>): Promise<T> {
  try {
    return await command();
  } catch (cause) {
    throw new AuthUnavailable("session_store_unavailable", { cause });
  }
}
