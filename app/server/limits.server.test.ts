import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

vi.mock("#app/config/config.server.ts", () => ({
  config: () => ({
    signInsPerMinute: 3,
    redisUrl: null,
    sessionSecrets: ["a-secret-that-has-at-least-32-bytes!"],
    origin: new URL("https://usage.example.com"),
  }),
}));
const { mintLimit, signInLimit } = await import("./limits.server.ts");

describe("limits", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("let the first ones of a minute through, then say how long to wait", async () => {
    for (let nth = 1; nth <= 3; nth++) expect(await signInLimit("203.0.113.7")).toBeNull();
    vi.setSystemTime(20_000);
    expect(await signInLimit("203.0.113.7")).toBe(40);
    expect(await signInLimit("203.0.113.8")).toBeNull();
    expect(await mintLimit("203.0.113.7")).toBeNull();
    vi.advanceTimersByTime(40_001);
    expect(await signInLimit("203.0.113.7")).toBeNull();
  });

  it("count all addresses of one IPv6 /64 together, and those of the next one apart", async () => {
    for (let nth = 1; nth <= 3; nth++) expect(await signInLimit(`2001:db8:1:2:${nth}::${nth}`)).toBeNull();
    expect(await signInLimit("2001:db8:1:2:ffff:ffff:ffff:ffff")).toBe(60);
    expect(await signInLimit("2001:db8:1:3::1")).toBeNull();
  });

  it("allow a person 60 mints a minute", async () => {
    for (let nth = 1; nth <= 60; nth++) expect(await mintLimit("session")).toBeNull();
    expect(await mintLimit("session")).toBe(60);
  });
});
