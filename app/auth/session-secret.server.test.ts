import { createHash, hkdfSync } from "node:crypto";
import { EncryptJWT } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createKeyedHash, createSealer } from "./session-secret.server.ts";

const OLD = "the-old-secret-of-at-least-32-bytes-length";
const NEW = "the-new-secret-of-at-least-32-bytes-length";
const deployment = (sessionSecrets: string[], origin = "https://usage.example.com") => ({
  sessionSecrets,
  origin: new URL(origin),
});

describe("createSealer", () => {
  afterEach(() => vi.useRealTimers());

  it("opens what it sealed, and shows nothing of it", async () => {
    const sealer = createSealer(deployment([OLD]), "session");
    const token = await sealer.seal({ subject: "583231" }, 60);
    expect(await sealer.open(token)).toMatchObject({ subject: "583231" });
    expect(Buffer.from(token, "base64url").toString()).not.toContain("583231");
  });

  it("expires from the inside, whatever the cookie's age says", async () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const sealer = createSealer(deployment([OLD]), "session");
    const token = await sealer.seal({}, 60);
    vi.setSystemTime(1_000_000 + 59_000);
    expect(await sealer.open(token)).not.toBeNull();
    vi.setSystemTime(1_000_000 + 61_000);
    expect(await sealer.open(token)).toBeNull();
  });

  it("keeps opening under the old secret while the new one seals", async () => {
    const before = await createSealer(deployment([OLD]), "session").seal({ id: "1" }, 60);
    const rotating = createSealer(deployment([NEW, OLD]), "session");
    expect(await rotating.open(before)).toMatchObject({ id: "1" });
    const after = await rotating.seal({ id: "2" }, 60);
    expect(await createSealer(deployment([OLD]), "session").open(after)).toBeNull();
    expect(await createSealer(deployment([NEW]), "session").open(after)).toMatchObject({ id: "2" });
  });

  it("does not open what was sealed for another purpose, changed, or never sealed", async () => {
    const token = await createSealer(deployment([OLD]), "sign-in").seal({}, 60);
    const sealer = createSealer(deployment([OLD]), "session");
    expect(await sealer.open(token)).toBeNull();
    const own = await sealer.seal({}, 60);
    expect(await sealer.open(`${own.slice(0, -3)}AAA`)).toBeNull();
    expect(await sealer.open("")).toBeNull();
    expect(await sealer.open("eyJhbGciOiJub25lIn0.e30.")).toBeNull();
  });

  it("does not open what was sealed at another origin with the same secret", async () => {
    const token = await createSealer(deployment([OLD], "https://staging.example.com"), "session").seal(
      {},
      60,
    );
    for (const origin of ["https://usage.example.com", "https://staging.example.com:8443"])
      for (const unbound of [false, true])
        expect(await createSealer(deployment([OLD], origin), "session", { unbound }).open(token)).toBeNull();
    const same = createSealer(deployment([OLD], "https://staging.example.com/"), "session");
    expect(await same.open(token)).not.toBeNull();
  });

  it("opens what was sealed before keys were bound to an origin only where that is asked for", async () => {
    const key = new Uint8Array(hkdfSync("sha256", OLD, "", "usage-dashboard/session", 32));
    const before = await new EncryptJWT({ id: "1" })
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .setExpirationTime("60 seconds")
      .encrypt(key);
    const source = deployment([NEW, OLD]);
    expect(await createSealer(source, "session", { unbound: true }).open(before)).toMatchObject({ id: "1" });
    expect(await createSealer(source, "session").open(before)).toBeNull();
    expect(await createSealer(source, "hand-over", { unbound: true }).open(before)).toBeNull();
  });
});

describe("createKeyedHash", () => {
  it("cannot be computed without the secret, the purpose and the origin", () => {
    const hash = createKeyedHash(deployment([OLD]), "redis-users")("583231");
    const others = [
      createKeyedHash(deployment([NEW]), "redis-users")("583231"),
      createKeyedHash(deployment([OLD]), "redis-limits")("583231"),
      createKeyedHash(deployment([OLD], "https://staging.example.com"), "redis-users")("583231"),
      createHash("sha256").update("583231").digest("base64url").slice(0, 22),
    ];
    expect(hash).toMatch(/^[\w-]{22}$/);
    expect(others).not.toContain(hash);
    expect(createKeyedHash(deployment([OLD]), "redis-users")("583231")).toBe(hash);
  });

  it("names by the newest secret, and finds by all of them", () => {
    const old = createKeyedHash(deployment([OLD]), "redis-users");
    const rotated = createKeyedHash(deployment([NEW, OLD]), "redis-users");
    expect(rotated("ada")).not.toBe(old("ada"));
    expect(rotated.all("ada")).toEqual([rotated("ada"), old("ada")]);
  });
});
