import type { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RecognitionError } from "./recognition.server.ts";
import { createRedisSessions } from "./redis-sessions.server.ts";
import type { Session } from "./session-store.server.ts";

const SECRET = "a-secret-that-has-at-least-32-bytes!";

/** As much of Redis as sessions use, with its expiry. The real one is in e2e/ops/cluster. */
class Keys {
  readonly values = new Map<string, { value: string; until: number }>();
  away = false;

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
      if (this.away) throw new Error("Command timed out");
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
    } as unknown as Redis;
  }
}

let ids = 0;
const session = (subject = "583231"): Session => ({
  id: `session-${++ids}`,
  adapterId: "github",
  identity: { issuer: "https://github.com", subject, name: "Ada Canary", email: "ada@canary.test" },
});

describe("sessions in Redis", () => {
  let keys: Keys;
  let store: ReturnType<typeof createRedisSessions>;
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
    keys = new Keys();
    store = createRedisSessions(keys.client(), [SECRET]);
  });
  afterEach(() => vi.useRealTimers());

  it("are read by every process that has the same secret", async () => {
    const ada = session();
    const cookie = await store.start(ada, 60);
    const other = createRedisSessions(keys.client(), ["a-newer-secret-of-at-least-32-bytes!!", SECRET]);
    expect(await other.read(cookie)).toEqual(ada);
  });

  it("show nobody in the cookie, the keys or the records", async () => {
    const cookie = await store.start(session(), 60);
    const shown = [cookie, ...keys.values.keys(), ...[...keys.values.values()].map(({ value }) => value)];
    expect(shown.join("\n")).not.toMatch(/canary|583231|github/i);
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
    await store.end(phone);
    expect(await store.read(onPhone!)).toBeNull();
    expect(await store.read(onLaptop!)).toEqual(laptop);

    await store.endAll?.(laptop);
    expect(await store.read(onLaptop!)).toBeNull();
    expect(await store.read(onTablet!)).toBeNull();
    expect(await store.read(othersCookie!)).toEqual(other);

    const again = session();
    expect(await store.read(await store.start(again, 60))).toEqual(again);
    expect(await store.read(onTablet!)).toBeNull();
  });

  it("cannot be made by whoever can write to Redis", async () => {
    const adas = await store.start(session(), 60);
    const evas = await store.start(session("eva"), 60);
    const records = [...keys.values].filter(([key]) => key.includes(":session:"));
    const [[adasKey, adasRecord], [evasKey, evasRecord]] = [records[0]!, records[1]!];
    keys.values.set(adasKey, evasRecord);
    keys.values.set(evasKey, { ...adasRecord, value: JSON.stringify(session()) });
    expect(await store.read(adas)).toBeNull();
    expect(await store.read(evas)).toBeNull();
  });

  it("are nobody's for a cookie we did not seal, without asking Redis", async () => {
    keys.away = true;
    expect(await store.read("")).toBeNull();
    expect(await store.read("eyJhbGciOiJub25lIn0.e30.")).toBeNull();
  });

  it("are unknown, not over, while Redis is away", async () => {
    const ada = session();
    const cookie = await store.start(ada, 60);
    keys.away = true;
    const attempts = [
      () => store.read(cookie),
      () => store.start(session(), 60),
      () => store.end(ada),
      () => store.endAll?.(ada),
      () => store.check(),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(RecognitionError);
    keys.away = false;
    expect(await store.read(cookie)).toEqual(ada);
    await store.check();
  });
});
