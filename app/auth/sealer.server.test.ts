import { afterEach, describe, expect, it, vi } from "vitest";
import { createSealer } from "./sealer.server.ts";

const OLD = "the-old-secret-of-at-least-32-bytes-length";
const NEW = "the-new-secret-of-at-least-32-bytes-length";

describe("createSealer", () => {
  afterEach(() => vi.useRealTimers());

  it("opens what it sealed, and shows nothing of it", async () => {
    const sealer = createSealer([OLD], "session");
    const token = await sealer.seal({ subject: "583231" }, 60);
    expect(await sealer.open(token)).toMatchObject({ subject: "583231" });
    expect(Buffer.from(token, "base64url").toString()).not.toContain("583231");
  });

  it("expires from the inside, whatever the cookie's age says", async () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const sealer = createSealer([OLD], "session");
    const token = await sealer.seal({}, 60);
    vi.setSystemTime(1_000_000 + 59_000);
    expect(await sealer.open(token)).not.toBeNull();
    vi.setSystemTime(1_000_000 + 61_000);
    expect(await sealer.open(token)).toBeNull();
  });

  it("keeps opening under the old secret while the new one seals", async () => {
    const before = await createSealer([OLD], "session").seal({ id: "1" }, 60);
    const rotating = createSealer([NEW, OLD], "session");
    expect(await rotating.open(before)).toMatchObject({ id: "1" });
    const after = await rotating.seal({ id: "2" }, 60);
    expect(await createSealer([OLD], "session").open(after)).toBeNull();
    expect(await createSealer([NEW], "session").open(after)).toMatchObject({ id: "2" });
  });

  it("does not open what was sealed for another purpose, changed, or never sealed", async () => {
    const token = await createSealer([OLD], "sign-in").seal({}, 60);
    const sealer = createSealer([OLD], "session");
    expect(await sealer.open(token)).toBeNull();
    const own = await sealer.seal({}, 60);
    expect(await sealer.open(`${own.slice(0, -3)}AAA`)).toBeNull();
    expect(await sealer.open("")).toBeNull();
    expect(await sealer.open("eyJhbGciOiJub25lIn0.e30.")).toBeNull();
  });
});
