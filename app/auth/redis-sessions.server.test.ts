import { createHash, hkdfSync } from "node:crypto";
import type { Redis } from "ioredis";
import { EncryptJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createRedisSessions } from "./redis-sessions.server.ts";
import { AuthUnavailable, type NewSession, type SessionStore } from "./session-store.server.ts";

const SECRET = "a-secret-that-has-at-least-32-bytes!";
const NEWER = "a-newer-secret-of-at-least-32-bytes!!";
const options = {
  sessionSecrets: [SECRET],
  origin: new URL("https://usage.example.com"),
  sessionIdleSeconds: null as number | null,
};

/** As much of Redis as sessions use, with its expiry. The real one is in e2e/ops/cluster. */
class Keys {
  readonly values = new Map<string, { value: string; until: number }>();
  down = false;

  get = (key: string) => {
    const found = this.values.get(key);
    return found && Date.now() < found.until ? found.value : null;
  };
  set = (key: string, value: string, _ex: "EX", seconds: number, nx?: "NX") => {
    if (nx && this.get(key) !== null) return null;
    this.values.set(key, { value, until: Date.now() + seconds * 1000 });
    return "OK";
  };
  expire = (key: string, seconds: number) => {
    const value = this.get(key);
    return value === null ? 0 : this.set(key, value, "EX", seconds) && 1;
  };

  client(): Redis {
    const answer = async <T>(reply: () => T) => {
      if (this.down) throw new Error("Command timed out");
      return reply();
    };
    const multi = () => {
      const replies: (() => unknown)[] = [];
      const queue =
        <Args extends unknown[]>(command: (...args: Args) => unknown) =>
        (...args: Args) => {
          replies.push(() => command(...args));
          return chain;
        };
      const exec = () => answer(() => replies.map((reply) => [null, reply()]));
      const chain = { set: queue(this.set), expire: queue(this.expire), get: queue(this.get), exec };
      return chain;
    };
    return {
      multi,
      set: (...args: Parameters<Keys["set"]>) => answer(() => this.set(...args)),
      mget: (...keys: string[]) => answer(() => keys.map(this.get)),
      del: (key: string) => answer(() => Number(this.values.delete(key))),
      info: () => answer(() => "# Cluster\r\ncluster_enabled:0\r\n"),
      expire: (...args: Parameters<Keys["expire"]>) => answer(() => this.expire(...args)),
    } as unknown as Redis;
  }
}

let ids = 0;
const session = (subject = "583231"): NewSession => ({
  id: `session-${++ids}`,
  adapterId: "github",
  identity: { issuer: "https://github.com", subject, name: "Ada Canary", email: "ada@canary.test" },
});

async function found(store: SessionStore, cookie: string) {
  const current = await store.read(cookie);
  if (!current) throw new Error("The session is over.");
  return current;
}

/** Two sessions of one user as release 758f0ff wrote them: unkeyed names, keys bound to no origin. */
async function unboundSessions(keys: Keys): Promise<{ cookie: string; other: string }> {
  const seal = (payload: object, purpose: string) =>
    new EncryptJWT({ ...payload })
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .setIssuedAt()
      .setExpirationTime("60 seconds")
      .encrypt(new Uint8Array(hkdfSync("sha256", SECRET, "", `usage-dashboard/${purpose}`, 32)));
  const named = createHash("sha256").update('["github","https://github.com","583231"]').digest("base64url");
  const person = named.slice(0, 22);
  keys.set(`usage-dashboard:{${person}}:family`, "a-family", "EX", 60);
  const start = async () => {
    const { id, ...rest } = session();
    const record = await seal({ ...rest, id, family: "a-family" }, "session-record");
    keys.set(`usage-dashboard:{${person}}:session:${id}`, record, "EX", 60);
    return seal({ id, person }, "session-id");
  };
  return { cookie: await start(), other: await start() };
}

describe("sessions in Redis", () => {
  let keys: Keys;
  let store: ReturnType<typeof createRedisSessions>;
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
    keys = new Keys();
    store = createRedisSessions(keys.client(), options);
  });
  afterEach(() => vi.useRealTimers());

  it("are read by every process that has the same secret", async () => {
    const ada = session();
    const cookie = await store.start(ada, 60);
    const rotated = { ...options, sessionSecrets: [NEWER, SECRET] };
    const other = createRedisSessions(keys.client(), rotated);
    expect(await other.read(cookie)).toMatchObject(ada);
    const elsewhere = { ...options, origin: new URL("https://staging.example.com") };
    expect(await createRedisSessions(keys.client(), elsewhere).read(cookie)).toBeNull();
  });

  it("started before the secret was rotated end with those started after", async () => {
    const rotated = createRedisSessions(keys.client(), { ...options, sessionSecrets: [NEWER, SECRET] });
    const [before, after] = [await store.start(session(), 60), await rotated.start(session(), 60)];
    const alone = await store.start(session(), 60);
    await rotated.end(await found(rotated, alone));
    expect(await rotated.read(alone)).toBeNull();
    await rotated.endAll?.(await found(rotated, after));
    expect([await rotated.read(before), await rotated.read(after)]).toEqual([null, null]);
  });

  it("of a release that did not bind them to the origin stay open, and end with the others", async () => {
    const { cookie, other } = await unboundSessions(keys);
    expect(await store.read(cookie)).toMatchObject({ identity: { subject: "583231" } });
    await store.end(await found(store, other));
    expect(await store.read(other)).toBeNull();
    await store.endAll?.(await found(store, await store.start(session(), 60)));
    expect(await store.read(cookie)).toBeNull();
  });

  it("end when no request brought them within the idle limit, and at their age whatever it is", async () => {
    const limited = createRedisSessions(keys.client(), { ...options, sessionIdleSeconds: 10 });
    const [used, unused] = [await limited.start(session(), 25), await limited.start(session(), 25)];
    for (let nth = 1; nth <= 2; nth++) {
      vi.setSystemTime(Date.now() + 9_000);
      expect(await limited.read(used)).not.toBeNull();
    }
    expect(await limited.read(unused)).toBeNull();
    vi.setSystemTime(Date.now() + 8_000);
    expect(await limited.read(used)).toBeNull();
    const again = await limited.start(session(), 60);
    vi.setSystemTime(Date.now() + 11_000);
    expect(await limited.read(again)).toBeNull();
  });

  it("name no user in the cookie, the keys or the records, even to a reader who hashes every user id", async () => {
    const cookie = await store.start(session(), 60);
    const shown = [cookie, ...keys.values.keys(), ...[...keys.values.values()].map(({ value }) => value)];
    expect(shown.join("\n")).not.toMatch(/canary|583231|github/i);
    const guesses = ["583231", '["github","https://github.com","583231"]'].flatMap((guess) =>
      (["base64url", "hex"] as const).map((encoding) => createHash("sha256").update(guess).digest(encoding)),
    );
    for (const guess of guesses) expect(shown.join("\n")).not.toContain(guess.slice(0, 16));
    expect(cookie.length).toBeLessThan(400);
  });

  it("end in Redis and in the cookie at their age, however young others of that person are", async () => {
    const first = await store.start(session(), 60);
    vi.setSystemTime(1_000_000 + 50_000);
    const second = await store.start(session(), 60);
    vi.setSystemTime(1_000_000 + 61_000);
    expect(await store.read(first)).toBeNull();
    expect(await store.read(second)).not.toBeNull();
    vi.setSystemTime(1_000_000 + 111_000);
    expect(await store.read(second)).toBeNull();
    expect([...keys.values.keys()].map(keys.get)).toEqual([null, null, null]);
  });

  it("end alone at sign-out, and together when asked to", async () => {
    const [phone, laptop, tablet] = [session(), session(), session()];
    const other = session("another person");
    const [onPhone, onLaptop, onTablet, othersCookie] = await Promise.all(
      [phone, laptop, tablet, other].map((each) => store.start(each, 60)),
    );
    await store.end(await found(store, onPhone!));
    expect(await store.read(onPhone!)).toBeNull();
    expect(await store.read(onLaptop!)).toMatchObject(laptop);

    await store.endAll?.(await found(store, onLaptop!));
    expect(await store.read(onLaptop!)).toBeNull();
    expect(await store.read(onTablet!)).toBeNull();
    expect(await store.read(othersCookie!)).toMatchObject(other);

    const again = session();
    expect(await store.read(await store.start(again, 60))).toMatchObject(again);
    expect(await store.read(onTablet!)).toBeNull();
  });

  it("cannot be made by an attacker who can write to Redis", async () => {
    const adas = await store.start(session(), 60);
    const evas = await store.start(session("eva"), 60);
    const records = [...keys.values].filter(([key]) => key.includes(":session:"));
    const [[adasKey, adasRecord], [evasKey, evasRecord]] = [records[0]!, records[1]!];
    keys.values.set(adasKey, evasRecord);
    keys.values.set(evasKey, { ...adasRecord, value: JSON.stringify(session()) });
    expect(await store.read(adas)).toBeNull();
    expect(await store.read(evas)).toBeNull();
  });

  it("are none for a cookie that the app did not seal, without asking Redis", async () => {
    keys.down = true;
    expect(await store.read("")).toBeNull();
    expect(await store.read("eyJhbGciOiJub25lIn0.e30.")).toBeNull();
  });

  it("are unknown, not over, while Redis is away", async () => {
    const cookie = await store.start(session(), 60);
    const ada = await found(store, cookie);
    keys.down = true;
    const attempts = [
      () => store.read(cookie),
      () => store.start(session(), 60),
      () => store.end(ada),
      () => store.endAll?.(ada),
      () => store.check(),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(AuthUnavailable);
    keys.down = false;
    expect(await store.read(cookie)).toEqual(ada);
    await store.check();
  });
});
