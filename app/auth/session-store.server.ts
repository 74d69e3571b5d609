/** Where sessions are kept. Two ways: sealed-sessions.server.ts for one process, redis-sessions.server.ts for many. */
import { z } from "zod";
import { identitySchema } from "#adapters/identity.ts";

export const sessionSchema = z.object({
  /** New at every sign-in, so that a session planted before it is worth nothing after it. */
  id: z.string().min(1),
  adapterId: z.string().min(1),
  identity: identitySchema,
});
/** Who is signed in. Nothing of the provider's tokens: they would be readable wherever it leaks, and we need none. */
export type Session = z.infer<typeof sessionSchema>;

/** Every method may throw a RecognitionError. */
export interface SessionStore {
  /** Keeps a new session for that long; answers what its cookie is to hold. */
  start(session: Session, ttlSeconds: number): Promise<string>;
  /** The session of a cookie's value; null when there is none, or it has expired, was ended or tampered with. */
  read(cookieValue: string): Promise<Session | null>;
  /** Ends a session: copies of its cookie stop working too. */
  end(session: Session): Promise<void>;
  /** Ends every session of the same person; missing where nobody knows which those are. */
  endAll?(session: Session): Promise<void>;
  /** Resolves when sessions can be started and read. */
  check(): Promise<void>;
}
