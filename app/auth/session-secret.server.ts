/**
 * What SESSION_SECRET is used for: sealing values (cookies, codes, Redis records) and naming users in Redis keys. Every
 * key is derived for one purpose and one origin, so what staging sealed with production's secret opens nowhere else.
 */
import { createHmac, hkdfSync } from "node:crypto";
import { EncryptJWT, errors, jwtDecrypt } from "jose";
import type { Sealer } from "#adapters/attempts.ts";

/** What the keys of a deployment are derived from. */
export interface KeySource {
  /** The first one seals, all of them open: prepend a new one to rotate without signing users out. */
  sessionSecrets: readonly string[];
  origin: URL;
}

type Purpose =
  | "session"
  | "session-id"
  | "session-record"
  | "sign-in"
  | "hand-over"
  | "redis-users"
  | "redis-limits";

const derive = (secret: string, info: string) => new Uint8Array(hkdfSync("sha256", secret, "", info, 32));

const keysFor = ({ sessionSecrets, origin }: KeySource, purpose: Purpose) => {
  const keys = sessionSecrets.map((secret) => derive(secret, `usage-dashboard/${purpose}/${origin.origin}`));
  const [current] = keys;
  if (!current) throw new Error("SESSION_SECRET is empty: no key can be derived.");
  return { current, all: keys };
};

/**
 * Encrypted and authenticated values (JWE, A256GCM) with the expiry inside, so that a stolen cookie expires even if the
 * browser keeps it. A value sealed for one purpose does not open for another.
 * @param options.unbound also opens values that were sealed before keys were bound to an origin (decision 004)
 */
export function createSealer(source: KeySource, purpose: Purpose, { unbound = false } = {}): Sealer {
  const { current, all } = keysFor(source, purpose);
  const older = unbound
    ? source.sessionSecrets.map((secret) => derive(secret, `usage-dashboard/${purpose}`))
    : [];

  return {
    seal: (payload, ttlSeconds) =>
      new EncryptJWT(payload)
        .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .setIssuedAt()
        .setExpirationTime(`${ttlSeconds} seconds`)
        .encrypt(current),

    async open(token) {
      for (const key of [...all, ...older]) {
        try {
          const { payload } = await jwtDecrypt(token, key, {
            keyManagementAlgorithms: ["dir"],
            contentEncryptionAlgorithms: ["A256GCM"],
            requiredClaims: ["exp"],
          });
          return payload;
        } catch (error) {
          if (!(error instanceof errors.JOSEError)) throw error;
        }
      }
      return null;
    },
  };
}

export interface KeyedHash {
  /** 128 bits as base64url, by the secret that seals. */
  (text: string): string;
  /** By every secret: what was named before a rotation is found under one of the later ones. */
  all(text: string): string[];
}

/**
 * Names for Redis keys. Without a key of ours the hash of a user's id is no secret: there are few enough GitHub ids to
 * try them all.
 */
export function createKeyedHash(source: KeySource, purpose: Purpose): KeyedHash {
  const { current, all } = keysFor(source, purpose);
  const hash = (key: Uint8Array, text: string) =>
    createHmac("sha256", key).update(text).digest("base64url").slice(0, 22);
  return Object.assign((text: string) => hash(current, text), {
    all: (text: string) => all.map((key) => hash(key, text)),
  });
}
