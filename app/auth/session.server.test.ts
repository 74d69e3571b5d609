import { afterEach, describe, expect, it, vi } from "vitest";

const connection = { kind: "redirect", issuers: ["https://github.com"] };
const adapter = { id: "github", connect: () => connection };
const settings = {
  origin: new URL("https://usage.example.com"),
  sessionIdleSeconds: null,
  secureCookies: true,
  sessionSecrets: ["a-secret-that-has-at-least-32-bytes!"],
  sessionMaxAgeSeconds: 3600,
  adapters: [{ adapter }],
  redisUrl: null,
  embedOrigins: [] as string[],
};
vi.mock("#app/config/config.server.ts", () => ({ config: () => settings }));
const { clearSession, pageSession, readSession, sessionStore, shareSession, startSession } = await import(
  "./session.server.ts"
);

const identity = { issuer: "https://github.com", subject: "583231", name: "Ada" };
const withCookie = (cookie: string) => new Request("https://usage.example.com/", { headers: { cookie } });
const pair = (setCookie: string) => setCookie.split(";")[0] ?? "";

afterEach(() => {
  adapter.id = "github";
  connection.issuers = ["https://github.com"];
  settings.embedOrigins = [];
  settings.sessionMaxAgeSeconds = 3600;
});

describe("a session", () => {
  it("is one host-only cookie that comes back as the Identity", async () => {
    const cookie = await startSession("github", identity);
    expect(cookie).toMatch(/^__Host-session=/);
    for (const attribute of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=3600"])
      expect(cookie).toContain(attribute);
    expect(cookie).not.toContain("Domain");
    expect(await readSession(withCookie(pair(cookie)))).toMatchObject({ adapterId: "github", identity });
  });

  it("is a new one at every sign-in", async () => {
    const ids = await Promise.all(
      [1, 2].map(
        async () => (await readSession(withCookie(pair(await startSession("github", identity)))))?.id,
      ),
    );
    expect(new Set(ids).size).toBe(2);
  });

  it("ends in the store, and in the browser", async () => {
    const cookie = pair(await startSession("github", identity));
    const session = await readSession(withCookie(cookie));
    if (session) await sessionStore().end(session);
    expect(await readSession(withCookie(cookie))).toBeNull();
    expect(clearSession()).toEqual([expect.stringMatching(/^__Host-session=;.*Max-Age=0/)]);
  });

  it("ends when its adapter is switched off", async () => {
    const cookie = pair(await startSession("github", identity));
    adapter.id = "auth0";
    expect(await readSession(withCookie(cookie))).toBeNull();
  });

  it("ends when its adapter is configured for another issuer", async () => {
    const cookie = pair(await startSession("github", identity));
    connection.issuers = ["https://github.example.com"];
    expect(await readSession(withCookie(cookie))).toBeNull();
  });

  it.each(["", "__Host-session=", "__Host-session=garbage", "session=anything"])(
    "is none for %j",
    async (cookie) => {
      expect(await readSession(withCookie(cookie))).toBeNull();
    },
  );
});

describe("a session in a frame", () => {
  const shared = async (from: string) => pair(shareSession(pageSession(withCookie(from))));

  it("is a cookie of its own, for the site around it alone", async () => {
    const cookie = shareSession("a-session");
    expect(cookie).toMatch(/^__Host-embed=a-session/);
    for (const attribute of ["HttpOnly", "Secure", "SameSite=None", "Partitioned", "Path=/", "Max-Age=3600"])
      expect(cookie).toContain(attribute);
  });

  it("counts only where pages may be framed, and after our own pages' session", async () => {
    const frame = await shared(pair(await startSession("github", identity)));
    expect(await readSession(withCookie(frame))).toBeNull();
    settings.embedOrigins = ["https://app.example.com"];
    expect(await readSession(withCookie(frame))).toMatchObject({ identity });
    expect(pageSession(withCookie(frame))).toBe("");
    const grace = { ...identity, subject: "2" };
    const page = pair(await startSession("github", grace));
    expect(await readSession(withCookie(`${frame}; ${page}`))).toMatchObject({ identity: grace });
  });

  it("leaves this browser together with the other", () => {
    settings.embedOrigins = ["https://app.example.com"];
    expect(clearSession()).toEqual([
      expect.stringMatching(/^__Host-session=;.*Max-Age=0/),
      expect.stringMatching(/^__Host-embed=;.*Max-Age=0.*Partitioned/),
    ]);
  });
});
