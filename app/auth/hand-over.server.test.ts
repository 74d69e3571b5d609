import { afterEach, describe, expect, it, vi } from "vitest";

const connection = { kind: "redirect", issuers: ["https://github.com"] };
const settings = {
  origin: new URL("https://usage.example.com"),
  sessionIdleSeconds: null,
  secureCookies: true,
  sessionSecrets: ["a-secret-that-has-at-least-32-bytes!"],
  sessionMaxAgeSeconds: 3600,
  adapters: [{ adapter: { id: "github", connect: () => connection } }],
  redisUrl: null,
  embedOrigins: ["https://app.example.com"],
};
vi.mock("#app/config/config.server.ts", () => ({ config: () => settings }));
const { handOverCode, redeemCode } = await import("./hand-over.server.ts");
const { readSession, sessionStore, startSession } = await import("./session.server.ts");

const identity = { issuer: "https://github.com", subject: "583231", name: "Ada" };
const pair = (setCookie: string | null) => setCookie?.split(";")[0] ?? "";
const request = (cookie: string) => new Request("https://usage.example.com/", { headers: { cookie } });
const page = async () => pair(await startSession("github", identity));

afterEach(() => vi.useRealTimers());

describe("a hand-over", () => {
  it("gives the frame the window's session, in a cookie of the frame's own", async () => {
    const own = await page();
    const cookie = await redeemCode({ code: await handOverCode(request(own)) });
    expect(cookie).toMatch(/^__Host-embed=.*Partitioned/);
    const [before, after] = await Promise.all([own, pair(cookie)].map((each) => readSession(request(each))));
    expect(before).toMatchObject({ adapterId: "github", identity });
    expect(after).toEqual(before);
  });

  it("adds nothing to a session's life, however often it is handed on under whatever name", async () => {
    vi.useFakeTimers({ now: Date.parse("2026-11-24T12:00:00Z"), toFake: ["Date"] });
    let stolen = await page();
    for (let nth = 0; nth < 3; nth++) {
      vi.setSystemTime(Date.now() + 19 * 60_000);
      const frame = pair(await redeemCode({ code: await handOverCode(request(stolen)) }));
      stolen = frame.replace("__Host-embed=", "__Host-session=");
    }
    expect(await readSession(request(stolen))).not.toBeNull();
    vi.setSystemTime(Date.now() + 4 * 60_000);
    expect(await readSession(request(stolen))).toBeNull();
    expect(await handOverCode(request(stolen))).toBeNull();
  });

  it("ends with the session: the frame's cookie, and a code that was not redeemed yet", async () => {
    const own = await page();
    const code = await handOverCode(request(own));
    const frame = pair(await redeemCode({ code: await handOverCode(request(own)) }));
    const session = await readSession(request(own));
    if (session) await sessionStore().end(session);
    expect(await readSession(request(frame))).toBeNull();
    expect(await redeemCode({ code })).toBeNull();
  });

  it("begins on our own pages only", async () => {
    const frame = pair(await redeemCode({ code: await handOverCode(request(await page())) }));
    expect(await handOverCode(request(frame))).toBeNull();
    expect(await handOverCode(request(""))).toBeNull();
  });

  it("is once: of twenty frames that redeem a code, one gets the session", async () => {
    const code = await handOverCode(request(await page()));
    const cookies = await Promise.all(Array.from({ length: 20 }, () => redeemCode({ code })));
    expect(cookies.filter((cookie) => cookie !== null)).toHaveLength(1);
    expect(await redeemCode({ code })).toBeNull();
  });

  it("is over after a minute", async () => {
    vi.useFakeTimers({ now: Date.parse("2026-11-24T12:00:00Z"), toFake: ["Date"] });
    const code = await handOverCode(request(await page()));
    vi.setSystemTime(Date.now() + 61_000);
    expect(await redeemCode({ code })).toBeNull();
  });

  it("takes no session's cookie for a code", async () => {
    const value = (await page()).replace("__Host-session=", "");
    expect(await redeemCode({ code: value })).toBeNull();
  });

  it.each([null, {}, "x", { code: 1 }, { code: "garbage" }, { code: "x".repeat(9_000) }])(
    "takes nothing from %j",
    async (body) => {
      expect(await redeemCode(body)).toBeNull();
    },
  );
});
