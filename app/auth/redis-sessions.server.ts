/**
 * Sessions in Redis: any number of processes, and a sign-out that holds in all of them. The cookie holds a sealed id; the
 * record is sealed as well, so that reading the Redis reveals no user, and writing to it signs no one in.
 *
 * Each user has a family: a random mark that all of their sessions carry. Deleting it ends them all in one command,
 * without a list that would have to be kept in step with what has expired.
 */
import { createHash, randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";
import { checkRedis, KEY_PREFIX } from "#app/server/redis.server.ts";
import { createKeyedHash, createSealer, type KeySource } from "./session-secret.server.ts";
import {
  type NewSession,
  reach,
  type SessionStore,
  sealedSession,
  sessionSchema,
} from "./session-store.server.ts";

/** `person` is the user's name in Redis when the session started; a later SESSION_SECRET would give another one. */
const cookieSchema = z.object({ id: z.string().min(1), person: z.string().min(1) });
const recordSchema = sessionSchema.extend({ family: z.string().min(1) });

/** The braces keep one user's keys together, where one address stands for many nodes and MGET needs that. */
const sessionKey = (person: string, id: string) => `${KEY_PREFIX}{${person}}:session:${id}`;
const familyKey = (person: string) => `${KEY_PREFIX}{${person}}:family`;

export interface RedisSessionsOptions extends KeySource {
  /** A session ends when no request brought it for that long; null: only at its age. */
  sessionIdleSeconds: number | null;
}

/** @param redis fails fast, as ours does: a command that waits for ever would hang every page */
export function createRedisSessions(
  redis: Pick<Redis, "multi" | "set" | "mget" | "del" | "expire" | "info">,
  options: RedisSessionsOptions,
): SessionStore {
  const idleSeconds = options.sessionIdleSeconds ?? Number.POSITIVE_INFINITY;
  const cookies = createSealer(options, "session-id", { unbound: true });
  const records = createSealer(options, "session-record", { unbound: true });
  const personOf = createKeyedHash(options, "redis-users");

  /** The user's mark: two sign-ins at once agree on one, and the younger makes it live long enough for both. */
  async function familyOf(person: string, ttlSeconds: number): Promise<string> {
    const key = familyKey(person);
    const replies = await redis
      .multi()
      .set(key, randomUUID(), "EX", ttlSeconds, "NX")
      .expire(key, ttlSeconds)
      .get(key)
      .exec();
    return z.string().parse(replies?.[2]?.[1]);
  }

  return {
    async start(session, ttlSeconds) {
      const person = personOf(userOf(session));
      const family = await reach(() => familyOf(person, ttlSeconds));
      const record = await records.seal({ ...session, family }, ttlSeconds);
      const lifetime = Math.min(ttlSeconds, idleSeconds);
      await reach(() => redis.set(sessionKey(person, session.id), record, "EX", lifetime));
      return cookies.seal({ id: session.id, person }, ttlSeconds);
    },

    async read(cookieValue) {
      const cookie = cookieSchema.safeParse(await cookies.open(cookieValue)).data;
      if (!cookie) return null;
      const { id, person } = cookie;
      const key = sessionKey(person, id);
      const [sealed, family] = await reach(() => redis.mget(key, familyKey(person)));
      const payload = sealed ? await records.open(sealed) : null;
      const record = recordSchema.safeParse(payload).data;
      // A record moved under another key would be another user's session.
      if (record?.family !== family || record?.id !== id) return null;
      // The record expires with the idle limit; its age is sealed inside.
      if (options.sessionIdleSeconds !== null) await reach(() => redis.expire(key, idleSeconds));
      return sealedSession.parse(payload);
    },

    async end(session) {
      await forEachName(session, (person) => sessionKey(person, session.id));
    },
    async endAll(session) {
      await forEachName(session, familyKey);
    },
    async check() {
      await reach(() => checkRedis(redis));
    },
  };

  /** Deletes a key of each name that the user's sessions may be stored under. */
  async function forEachName(session: NewSession, keyOf: (person: string) => string): Promise<void> {
    const user = userOf(session);
    for (const person of [...personOf.all(user), unkeyedName(user)])
      await reach(() => redis.del(keyOf(person)));
  }
}

const userOf = ({ adapterId, identity: { issuer, subject } }: NewSession): string =>
  JSON.stringify([adapterId, issuer, subject]);

/** The name under which sessions of release 0.1.0 are stored until they expire. */
const unkeyedName = (user: string) => createHash("sha256").update(user).digest("base64url").slice(0, 22);
