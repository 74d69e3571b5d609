import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createCookieSessions, createEndedSessions } from "./cookie-sessions.server.ts";
import type { Session, SessionStore } from "./session-store.server.ts";

const options = {
  sessionSecrets: ["a-secret-that-has-at-least-32-bytes!"],
  origin: new URL("https://usage.example.com"),
  sessionIdleSeconds: null as number | null,
};
const session = {
  id: "session-1",
  adapterId: "github",
  identity: { issuer: "https://github.com", subject: "583231", name: "Ada" },
};

async function read(store: SessionStore, cookie: string): Promise<Session> {
  const found = await store.read(cookie);
  if (!found) throw new Error("The session is over.");
  return found;
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-25T12:00:00Z"), toFake: ["Date"] });
});
afterEach(() => vi.useRealTimers());
const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);

describe("sessions in their cookies", () => {
  it("come back as they were, by any process that has the secret and the origin", async () => {
    const cookie = await createCookieSessions(options).start(session, 60);
    expect(await createCookieSessions(options).read(cookie)).toMatchObject(session);
    const elsewhere = { ...options, origin: new URL("https://staging.example.com") };
    expect(await createCookieSessions(elsewhere).read(cookie)).toBeNull();
  });

  it("end at their absolute age", async () => {
    const store = createCookieSessions(options);
    const cookie = await store.start(session, 3600);
    pass(3_601);
    expect(await store.read(cookie)).toBeNull();
  });

  it("end at sign-out, copies of the cookie included, until they would have expired", async () => {
    const store = createCookieSessions(options);
    const cookie = await store.start(session, 604_800);
    await store.end(await read(store, cookie));
    expect(await store.read(cookie)).toBeNull();
    pass(604_799);
    expect(await store.read(cookie)).toBeNull();
  });

  it("cannot be ended on other devices: the store does not list them", () => {
    expect(createCookieSessions(options).endAll).toBeUndefined();
  });
});

describe("ended sessions", () => {
  const at = (nth: number, subject = "flood"): Session => ({
    id: `session-${nth}`,
    adapterId: "github",
    identity: { issuer: "https://github.com", subject },
    startedAt: nth,
    expiresAt: Date.now() / 1000 + 3_600,
  });

  it("of one user take a bounded number of entries, and every one of them stays ended", () => {
    const ended = createEndedSessions();
    for (let nth = 0; nth < 20_000; nth++) ended.add(at(nth));
    expect(ended.size).toBeLessThanOrEqual(1_000);
    for (let nth = 0; nth < 20_000; nth++) expect(ended.has(at(nth))).toBe(true);
    expect(ended.has(at(20_000))).toBe(false);
    expect(ended.has(at(0, "another user"))).toBe(false);
  });

  it("stay ended however many other users sign out after them", () => {
    const ended = createEndedSessions();
    for (let nth = 0; nth < 60_000; nth++) ended.add(at(nth, `user-${nth}`));
    for (let nth = 0; nth < 60_000; nth += 1_000) expect(ended.has(at(nth, `user-${nth}`))).toBe(true);
  });

  it("stay ended until they would have expired, while other users sign out", () => {
    const ended = createEndedSessions();
    const [first, later] = [at(1), at(2)];
    ended.add(first);
    ended.add({ ...later, expiresAt: later.expiresAt - 3_000 });
    for (let nth = 0; nth < 5; nth++) {
      pass(700);
      ended.add(at(nth, `user-${nth}`));
      expect(ended.has(first)).toBe(true);
    }
  });

  it("are forgotten once they would have expired", () => {
    const ended = createEndedSessions();
    for (let nth = 0; nth < 100; nth++) ended.add(at(nth, `user-${nth}`));
    pass(4_300);
    ended.add({ ...at(1, "later"), expiresAt: Date.now() / 1000 + 60 });
    expect(ended.size).toBe(1);
  });
});

describe("the idle limit", () => {
  const limited = { ...options, sessionIdleSeconds: 600 };

  it("ends a session that no request came with, and no other", async () => {
    const store = createCookieSessions(limited);
    const [used, unused] = await Promise.all(
      ["used", "unused"].map((id) => store.start({ ...session, id }, 604_800)),
    );
    for (let nth = 0; nth < 5; nth++) {
      pass(599);
      expect(await store.read(used!)).not.toBeNull();
    }
    expect(await store.read(unused!)).toBeNull();
    pass(601);
    expect(await store.read(used!)).toBeNull();
    // It does not begin again with the next request.
    expect(await store.read(used!)).toBeNull();
  });

  it("extends nothing beyond the absolute age", async () => {
    const store = createCookieSessions(limited);
    const cookie = await store.start(session, 1_000);
    pass(599);
    expect(await store.read(cookie)).not.toBeNull();
    pass(402);
    expect(await store.read(cookie)).toBeNull();
  });

  it("gives a session one more idle period when the process restarts", async () => {
    const cookie = await createCookieSessions(limited).start(session, 604_800);
    pass(3_600);
    const restarted = createCookieSessions(limited);
    pass(599);
    expect(await restarted.read(cookie)).not.toBeNull();
    pass(601);
    expect(await restarted.read(cookie)).toBeNull();
  });

  it("is off without the setting", async () => {
    const store = createCookieSessions(options);
    const cookie = await store.start(session, 604_800);
    pass(600_000);
    expect(await store.read(cookie)).not.toBeNull();
  });
});

describe("a cookie's size", () => {
  const picture = `https://cdn.example.com/${"p".repeat(2_000)}`;
  const started = async (identity: object) => {
    const store = createCookieSessions(options);
    const value = await store.start({ ...session, identity: { ...session.identity, ...identity } }, 60);
    expect(value.length).toBeLessThanOrEqual(2_200);
    return (await read(store, value)).identity;
  };
  const japanese = "山".repeat(250);
  const longEmail = `${"a".repeat(64)}@${"b".repeat(170)}.example.com`;

  it("keeps everything that fits", async () => {
    const whole = { name: japanese, email: "ada@example.com" };
    expect(await started(whole)).toMatchObject(whole);
    const usual = { name: "Ada", email: "ada@example.com", avatarUrl: "https://cdn.example.com/ada.png" };
    expect(await started(usual)).toMatchObject(usual);
  });

  it("drops the picture first", async () => {
    const identity = await started({ name: "Ada", email: longEmail, avatarUrl: picture });
    expect(identity).toEqual({
      issuer: "https://github.com",
      subject: "583231",
      name: "Ada",
      email: longEmail,
    });
  });

  it("then shortens the name, to whole characters", async () => {
    const subject = "語".repeat(230);
    const identity = await started({
      subject,
      name: "👩‍🚀".repeat(50),
      email: longEmail,
      avatarUrl: picture,
    });
    expect(identity).toMatchObject({ subject, email: longEmail, name: `${"👩‍🚀".repeat(39)}…` });
  });

  it("then drops the name, then the e-mail address, never the issuer or the subject", async () => {
    const subject = "語".repeat(255);
    const issuer = `https://id.example/${"i".repeat(236)}`;
    const combining = `a${"\u0301".repeat(254)}`;
    expect(await started({ issuer, subject, name: combining, email: "ada@example.com" })).toEqual({
      issuer,
      subject,
      email: "ada@example.com",
    });
    expect(await started({ issuer, subject, name: combining, email: "語".repeat(250) })).toEqual({
      issuer,
      subject,
    });
  });

  it("refuses an issuer and subject that fit into none", async () => {
    const identity = { issuer: "語".repeat(255), subject: "語".repeat(255) };
    await expect(started(identity)).rejects.toMatchObject({ code: "invalid_response" });
  });
});
