import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AuthUnavailable } from "./session-store.server.ts";

const redis = vi.hoisted(() => ({
  current: null as { set: (...args: unknown[]) => Promise<unknown> } | null,
}));
vi.mock("#app/server/redis.server.ts", () => ({
  redis: () => redis.current,
  KEY_PREFIX: "usage-dashboard:",
}));
const { createClaimOnce, createClaimOnceInMemory } = await import("./one-time.server.ts");

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ["Date"] });
  redis.current = null;
});
afterEach(() => vi.useRealTimers());

const value = (id: string, issuedAt = Date.now()) => ({ id, issuedAt });

describe("in one process", () => {
  it("a value is used by one of many that try at once", async () => {
    const use = createClaimOnce(60);
    const results = await Promise.all(Array.from({ length: 20 }, () => use(value("a"))));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await use(value("b"))).toBe(true);
  });

  it("a flood makes older values unusable, and none usable twice", () => {
    const use = createClaimOnceInMemory(60, 100);
    const issuedAt = Date.now();
    const used = Array.from({ length: 500 }, (_, nth) => value(`flood-${nth}`, issuedAt + nth));
    for (const each of used) expect(use(each)).toBe(true);
    for (const each of used) expect(use(each)).toBe(false);
    expect(use(value("slow", issuedAt))).toBe(false);
    expect(use(value("new", issuedAt + 500))).toBe(true);
  });

  it("values that have expired make room", () => {
    const use = createClaimOnceInMemory(60, 2);
    expect([use(value("a")), use(value("b"))]).toEqual([true, true]);
    vi.setSystemTime(Date.now() + 61_000);
    const now = Date.now();
    expect([use(value("c", now)), use(value("d", now - 1))]).toEqual([true, true]);
  });
});

describe("with a Redis", () => {
  it("one command decides, for as long as the value lives", async () => {
    const commands: unknown[][] = [];
    const stored = new Set<unknown>();
    redis.current = {
      set: async (...args) => {
        commands.push(args);
        if (stored.has(args[0])) return null;
        stored.add(args[0]);
        return "OK";
      },
    };
    const processes = [createClaimOnce(60), createClaimOnce(60)];
    const results = await Promise.all(processes.flatMap((use) => [use(value("a")), use(value("a"))]));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(commands[0]).toEqual(["usage-dashboard:used:a", "1", "EX", 60, "NX"]);
  });

  it("nothing can be used while it does not respond", async () => {
    redis.current = { set: () => Promise.reject(new Error("Command timed out")) };
    await expect(createClaimOnce(60)(value("a"))).rejects.toThrow(AuthUnavailable);
  });
});
