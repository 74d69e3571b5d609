/** Sessions inside their cookies: no database, one process. */
import { LRUCache } from "lru-cache";
import { createSealer } from "./sealer.server.ts";
import { type SessionStore, sessionSchema } from "./session-store.server.ts";

export function createSealedSessions(secrets: readonly string[]): SessionStore {
  const sealer = createSealer(secrets, "session");
  /**
   * A sealed cookie cannot be called back, so a copy of one would outlive sign-out; this forgets at a restart and
   * is not shared between processes.
   */
  const ended = new LRUCache<string, true>({ max: 50_000 });

  return {
    start: (session, ttlSeconds) => sealer.seal(session, ttlSeconds),
    async read(cookieValue) {
      const { data } = sessionSchema.safeParse(await sealer.open(cookieValue));
      return data && !ended.has(data.id) ? data : null;
    },
    async end({ id }) {
      ended.set(id, true);
    },
    async check() {},
  };
}
