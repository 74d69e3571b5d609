/**
 * Sessions in Redis: any number of processes, and a sign-out that holds everywhere. The cookie holds a sealed id;
 * the record is sealed as well, so that whoever reads the Redis learns nobody's name, and whoever writes to it can
 * sign nobody in.
 *
 * Each person has a family: a random mark that all of their sessions carry. Deleting it ends them all in one
 * command, without a list that would have to be kept in step with what has expired.
 */
import { createHash, randomUUID } from "node:crypto";
import type { Redis } from "ioredis";
import { z } from "zod";
import { checkRedis, KEY_PREFIX } from "#app/server/redis.server.ts";
import { RecognitionError } from "./recognition.server.ts";
import { createSealer } from "./sealer.server.ts";
import { type Session, type SessionStore, sessionSchema } from "./session-store.server.ts";

const cookieSchema = z.object({ id: z.string().min(1), person: z.string().min(1) });
const recordSchema = sessionSchema.extend({ family: z.string().min(1) });

/** The braces keep one person's keys together, where one address stands for many nodes and MGET needs that. */
const sessionKey = (person: string, id: string) => `${KEY_PREFIX}{${person}}:session:${id}`;
const familyKey = (person: string) => `${KEY_PREFIX}{${person}}:family`;

/** @param redis fails fast, as ours does: a command that waits for ever would hang every page */
export function createRedisSessions(
  redis: Pick<Redis, "multi" | "set" | "mget" | "del" | "info">,
  secrets: readonly string[],
): SessionStore {
  const cookies = createSealer(secrets, "session-id");
  const records = createSealer(secrets, "session-record");

  /** The person's mark: two sign-ins at once agree on one, and the younger makes it live long enough for both. */
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
      const person = personOf(session);
      const family = await reach(() => familyOf(person, ttlSeconds));
      const record = await records.seal({ ...session, family }, ttlSeconds);
      await reach(() => redis.set(sessionKey(person, session.id), record, "EX", ttlSeconds));
      return cookies.seal({ id: session.id, person }, ttlSeconds);
    },

    async read(cookieValue) {
      const cookie = cookieSchema.safeParse(await cookies.open(cookieValue)).data;
      if (!cookie) return null;
      const { id, person } = cookie;
      const [sealed, family] = await reach(() => redis.mget(sessionKey(person, id), familyKey(person)));
      const record = sealed ? recordSchema.safeParse(await records.open(sealed)).data : undefined;
      // A record moved under another key would be somebody else's session.
      if (record?.family !== family || record?.id !== id) return null;
      return { id, adapterId: record.adapterId, identity: record.identity };
    },

    async end(session) {
      await reach(() => redis.del(sessionKey(personOf(session), session.id)));
    },
    async endAll(session) {
      await reach(() => redis.del(familyKey(personOf(session))));
    },
    async check() {
      await reach(() => checkRedis(redis));
    },
  };
}

/** The same for all of somebody's sessions, and nothing that names them. */
const personOf = ({ adapterId, identity: { issuer, subject } }: Session): string =>
  createHash("sha256")
    .update(JSON.stringify([adapterId, issuer, subject]))
    .digest("base64url")
    .slice(0, 22);

async function reach<T>(command: () => Promise<T>): Promise<T> {
  try {
    return await command();
  } catch (cause) {
    throw new RecognitionError("session_store_unavailable", { cause });
  }
}
