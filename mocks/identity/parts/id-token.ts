/** Signs id_tokens with RS256, rightly or wrongly. */
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import type { FaultName } from "./faults.ts";

const KEY_ID = "mock-1";
const LIFETIME_SECONDS = 3_600;

export interface IdTokenIssuer {
  jwks: { keys: JWK[] };
  /** `claims` hold `iss`, `aud`, `sub` and the rest; times are added here. */
  issue(claims: JWTPayload, fault?: FaultName): Promise<string>;
}

export async function createIdTokenIssuer(now: () => number): Promise<IdTokenIssuer> {
  const own = await generateKeyPair("RS256");
  const sign = (claims: JWTPayload, key: CryptoKey, typ = "JWT") =>
    new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid: KEY_ID, typ }).sign(key);

  return {
    jwks: { keys: [{ ...(await exportJWK(own.publicKey)), kid: KEY_ID, alg: "RS256", use: "sig" }] },
    async issue(claims, fault) {
      const iat = Math.floor(now() / 1_000);
      const payload = { ...claims, iat, exp: iat + LIFETIME_SECONDS };
      switch (fault) {
        case "id_token_alg_none":
          return new UnsecuredJWT(payload).encode();
        case "id_token_bad_signature":
          return sign(payload, (await generateKeyPair("RS256")).privateKey);
        case "id_token_wrong_aud":
          return sign({ ...payload, aud: "another-client" }, own.privateKey);
        case "id_token_wrong_iss":
          return sign({ ...payload, iss: "https://evil.example/" }, own.privateKey);
        case "id_token_wrong_nonce":
          return sign({ ...payload, nonce: "another-nonce" }, own.privateKey);
        case "id_token_expired":
          return sign({ ...payload, iat: iat - 7_200, exp: iat - 3_600 }, own.privateKey);
        case "id_token_future_iat":
          return sign({ ...payload, iat: iat + 600 }, own.privateKey);
        case "id_token_wrong_azp":
          return sign({ ...payload, azp: "another-client" }, own.privateKey);
        case "id_token_no_azp":
          return sign({ ...payload, aud: [String(claims.aud), "another-client"] }, own.privateKey);
        case "id_token_access_token":
          return sign(payload, own.privateKey, "at+jwt");
        case "id_token_logout_token":
          return sign(payload, own.privateKey, "application/logout+JWT");
        default:
          return sign(payload, own.privateKey);
      }
    },
  };
}
