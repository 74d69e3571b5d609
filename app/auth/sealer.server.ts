/**
 * Sealing: encrypted and authenticated values for cookies (JWE, A256GCM), with the expiry inside, so that a
 * stolen cookie dies when it should even if the browser keeps it.
 */
import { hkdfSync } from "node:crypto";
import { EncryptJWT, errors, jwtDecrypt } from "jose";

export interface Sealer {
  seal(payload: Record<string, unknown>, ttlSeconds: number): Promise<string>;
  /** The payload; null when it was not sealed by one of our secrets for this purpose, or has expired. */
  open(token: string): Promise<Record<string, unknown> | null>;
}

/**
 * @param secrets the first seals, all of them open: prepend a new one to rotate without signing people out
 * @param purpose a value sealed for one purpose never opens for another (a flow is not a session)
 */
export function createSealer(secrets: readonly string[], purpose: string): Sealer {
  const keys = secrets.map(
    (secret) => new Uint8Array(hkdfSync("sha256", secret, "", `usage-dashboard/${purpose}`, 32)),
  );
  const [sealingKey] = keys;
  if (!sealingKey) throw new Error("A sealer needs at least one secret.");

  return {
    seal: (payload, ttlSeconds) =>
      new EncryptJWT(payload)
        .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .setIssuedAt()
        .setExpirationTime(`${ttlSeconds} seconds`)
        .encrypt(sealingKey),

    async open(token) {
      for (const key of keys) {
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
