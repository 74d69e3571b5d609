/** Sessions inside their cookies: no database, one process. */
import { AdapterError, type Identity } from "#adapters/adapter.ts";
import { createSealer, type KeySource } from "./session-secret.server.ts";
import { type Session, type SessionStore, sealedSession } from "./session-store.server.ts";

/**
 * Browsers drop a cookie above 4 kB without a word. nginx by default reads all headers of a response into 4 kB and
 * answers 502 to more, so the cookie has to leave room for the others.
 */
const MAX_VALUE_BYTES = 2_200;
const SHORT_NAME_LENGTH = 40;

export interface CookieSessionsOptions extends KeySource {
  /** A session ends when no request brought it for that long; null: only at its age. */
  sessionIdleSeconds: number | null;
}

export function createCookieSessions(options: CookieSessionsOptions): SessionStore {
  const sealer = createSealer(options, "session", { unbound: true });
  const ended = createEndedSessions();
  const isIdle = createIdleLimit(options.sessionIdleSeconds);

  return {
    async start(session, ttlSeconds) {
      for (const identity of fittings(session.identity)) {
        const value = await sealer.seal({ ...session, identity }, ttlSeconds);
        if (value.length <= MAX_VALUE_BYTES) return value;
      }
      throw new AdapterError("invalid_response", "issuer and subject are too long for a session cookie");
    },

    async read(cookieValue) {
      const session = sealedSession.safeParse(await sealer.open(cookieValue)).data;
      return session && !ended.has(session) && !isIdle(session) ? session : null;
    },

    async end(session) {
      ended.add(session);
    },
    async check() {},
  };
}

/** The identity, then with less and less of what is for display only. */
function* fittings({ issuer, subject, name, email, avatarUrl }: Identity): Generator<Identity> {
  const id = { issuer, subject };
  const shown = { ...(name && { name }), ...(email && { email }) };
  yield { ...id, ...shown, ...(avatarUrl && { avatarUrl }) };
  yield { ...id, ...shown };
  if (name) yield { ...id, ...shown, name: shorten(name) };
  if (email) yield { ...id, email };
  yield id;
}

/** By what a reader takes for one character: half of an emoji or of an accented letter would be another one. */
function shorten(name: string): string {
  const characters = Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment);
  return characters.length <= SHORT_NAME_LENGTH
    ? name
    : `${characters.slice(0, SHORT_NAME_LENGTH - 1).join("")}…`;
}

/** More sign-outs than a person makes while a session lasts. */
const MAX_ENDED_PER_USER = 1_000;
const SWEEP_SECONDS = 600;

interface EndedOfUser {
  /** By session id. */
  sessions: Map<string, Pick<Session, "startedAt" | "expiresAt">>;
  /** Every session that started up to then is over. */
  endedUpTo: number;
  /** When all of them have expired. */
  expiresAt: number;
}

/**
 * Signed-out sessions. A sealed cookie cannot be called back, so each is remembered until it would have expired: none
 * is forgotten because others sign out. This is lost at a restart and not shared between processes.
 *
 * Memory is bounded by the number of users: one who exceeds MAX_ENDED_PER_USER ends the older half of their own
 * sessions instead of adding entries.
 */
export function createEndedSessions() {
  const users = new Map<string, EndedOfUser>();
  let sweepAt = 0;

  function sweep(now: number): void {
    if (now < sweepAt) return;
    sweepAt = now + SWEEP_SECONDS;
    for (const [user, { sessions, expiresAt }] of users) {
      if (expiresAt <= now) users.delete(user);
      else for (const [id, session] of sessions) if (session.expiresAt <= now) sessions.delete(id);
    }
  }

  return {
    add(session: Session): void {
      sweep(Date.now() / 1000);
      const user = userOf(session);
      const entry = users.get(user) ?? { sessions: new Map(), endedUpTo: 0, expiresAt: 0 };
      users.set(user, entry);
      const { id, startedAt, expiresAt } = session;
      entry.sessions.set(id, { startedAt, expiresAt });
      entry.expiresAt = Math.max(entry.expiresAt, expiresAt);
      if (entry.sessions.size <= MAX_ENDED_PER_USER) return;
      const starts = [...entry.sessions.values()].map((times) => times.startedAt).sort((a, b) => a - b);
      entry.endedUpTo = starts[Math.floor(starts.length / 2)] ?? 0;
      for (const [ended, times] of entry.sessions)
        if (times.startedAt <= entry.endedUpTo) entry.sessions.delete(ended);
    },
    has(session: Session): boolean {
      const entry = users.get(userOf(session));
      return entry !== undefined && (entry.sessions.has(session.id) || session.startedAt <= entry.endedUpTo);
    },
    /** How many entries it holds. */
    get size(): number {
      return [...users.values()].reduce((sum, { sessions }) => sum + sessions.size, 0);
    },
  };
}

const userOf = ({ adapterId, identity: { issuer, subject } }: Session) =>
  JSON.stringify([adapterId, issuer, subject]);

/**
 * Whether a session has been idle for too long; asking counts as activity. What happened before this process started is
 * not known, so a restart gives each session one more idle period. Entries go once they are too old to matter.
 */
function createIdleLimit(idleSeconds: number | null): (session: Session) => boolean {
  if (idleSeconds === null) return () => false;
  const processStartedAt = Date.now() / 1000;
  /** In the order of activity. */
  const seen = new Map<string, number>();

  return ({ id, startedAt }) => {
    const now = Date.now() / 1000;
    const lastSeen = seen.get(id) ?? Math.max(processStartedAt, startedAt);
    seen.delete(id);
    if (now - lastSeen > idleSeconds) return true;
    seen.set(id, now);
    for (const [oldest, at] of seen) {
      if (now - at <= idleSeconds) break;
      seen.delete(oldest);
    }
    return false;
  };
}
