import { afterEach, describe, expect, it, vi } from "vitest";
import { createSealedSessions } from "./sealed-sessions.server.ts";

const SECRET = "a-secret-that-has-at-least-32-bytes!";
const session = {
  id: "session-1",
  adapterId: "github",
  identity: { issuer: "https://github.com", subject: "583231", name: "Ada" },
};

describe("sessions in their cookies", () => {
  afterEach(() => vi.useRealTimers());

  it("come back as they were, by any process that has the secret", async () => {
    const cookie = await createSealedSessions([SECRET]).start(session, 60);
    expect(await createSealedSessions([SECRET]).read(cookie)).toEqual(session);
  });

  it("end at their absolute age", async () => {
    vi.useFakeTimers({ now: 0 });
    const store = createSealedSessions([SECRET]);
    const cookie = await store.start(session, 3600);
    vi.setSystemTime(3_601_000);
    expect(await store.read(cookie)).toBeNull();
  });

  it("end at sign-out, copies of the cookie included", async () => {
    const store = createSealedSessions([SECRET]);
    const cookie = await store.start(session, 60);
    await store.end(session);
    expect(await store.read(cookie)).toBeNull();
  });

  it("cannot be ended on other devices: nobody knows where they are", () => {
    expect(createSealedSessions([SECRET]).endAll).toBeUndefined();
  });
});
