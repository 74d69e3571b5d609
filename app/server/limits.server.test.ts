import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

vi.mock("#app/config/config.server.ts", () => ({ config: () => ({ signInsPerMinute: 3, redisUrl: null }) }));
const { mintLimit, networkOf, signInLimit } = await import("./limits.server.ts");

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

  it("allow a person 60 mints a minute", async () => {
    for (let nth = 1; nth <= 60; nth++) expect(await mintLimit("session")).toBeNull();
    expect(await mintLimit("session")).toBe(60);
  });
});

describe("networkOf", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2"],
    ["2001:0db8:0001:0002::1", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0"],
    ["::1", "0:0:0:0"],
    ["", ""],
  ])("of %s is %s", (address, network) => expect(networkOf(address)).toBe(network));
});
