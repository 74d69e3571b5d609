import { describe, expect, test } from "vitest";
import { isRenewalDue, isUsable, mintClientToken } from "./client-token.ts";

const NOW = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;

/** Mints from a server whose clock is `aheadMs` ahead of this browser's, with a lifetime of `ttlMs`. */
async function mint(ttlMs: number, aheadMs = 0, { date = true, iso = false } = {}) {
  const expires = NOW + aheadMs + ttlMs;
  const body = { token: "jwt", expires_at: iso ? new Date(expires).toISOString() : expires / 1000 };
  const headers = date ? { date: new Date(NOW + aheadMs).toUTCString() } : {};
  const network = {
    fetch: async () => Response.json(body, { headers }),
    now: () => NOW,
    after: () => () => {},
  };
  const answer = await mintClientToken(network, "/mint", "cus_1", new AbortController().signal);
  if (answer.kind !== "ok") throw new Error(answer.kind);
  return answer.value;
}

describe("a Client Token's lifetime", () => {
  test.each([
    ["300 s: four minutes after minting", 300_000, 240_000],
    ["3600 s: four minutes after minting", 3_600_000, 240_000],
    ["120 s: 20 % before its end", 120_000, 96_000],
    ["60 s: 12 s before its end, not at birth", 60_000, 48_000],
  ])("renewal at %s", async (_, ttlMs, renewMs) => {
    expect(await mint(ttlMs)).toEqual({ value: "jwt", from: NOW, lifeMs: ttlMs, renewMs, serverAheadMs: 0 });
  });

  test.each([10 * MINUTE, -10 * MINUTE, 24 * 60 * MINUTE])(
    "does not depend on a local clock that is %i ms behind",
    async (aheadMs) => {
      const { lifeMs, serverAheadMs } = await mint(300_000, aheadMs);
      expect(lifeMs).toBe(300_000);
      expect(serverAheadMs).toBe(aheadMs);
    },
  );

  test("reads ISO 8601 as well", async () => {
    expect((await mint(300_000, 0, { iso: true })).lifeMs).toBe(300_000);
  });

  test("falls back on the local clock, and a nonsensical result is drawn into Ringside's range", async () => {
    expect((await mint(300_000, 0, { date: false })).lifeMs).toBe(300_000);
    expect((await mint(300_000, -10 * MINUTE, { date: false })).lifeMs).toBe(60_000);
    expect((await mint(300_000, 600 * MINUTE, { date: false })).lifeMs).toBe(3_600_000);
  });

  test("a clock that is set back makes a token old, not eternal", async () => {
    const token = await mint(300_000);
    expect([isUsable(token, NOW + 299_999), isRenewalDue(token, NOW + 239_999)]).toEqual([true, false]);
    expect([isUsable(token, NOW + 300_000), isRenewalDue(token, NOW + 240_000)]).toEqual([false, true]);
    expect([isUsable(token, NOW - 1), isRenewalDue(token, NOW - 1)]).toEqual([false, true]);
  });

  test("an answer without a token is a contract failure", async () => {
    const network = { fetch: async () => Response.json({ jwt: "x" }), now: () => NOW, after: () => () => {} };
    const answer = await mintClientToken(network, "/mint", "cus_1", new AbortController().signal);
    expect(answer.kind).toBe("contract");
  });
});
