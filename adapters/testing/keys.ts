/** Keys for tests, and JWTs signed with them. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from "jose";

export type KeyType = "RS256" | "ES256" | "EdDSA";

export interface SigningKey {
  alg: KeyType;
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  pem: string;
}

export function makeKey(kid: string, alg: KeyType = "ES256"): SigningKey {
  const { privateKey, publicKey } =
    alg === "RS256"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : alg === "ES256"
        ? generateKeyPairSync("ec", { namedCurve: "P-256" })
        : generateKeyPairSync("ed25519");
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  return { alg, kid, privateKey, publicKey, pem };
}

/** @param claims of any type, since some tests need wrong ones */
export const signJwt = (
  key: SigningKey,
  claims: Record<string, unknown>,
  header: Partial<JWTHeaderParameters> = {},
) =>
  new SignJWT(claims as JWTPayload)
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: "JWT", ...header })
    .sign(key.privateKey);
