/** The keys of a mock issuer, and the tokens that it signs with them, correctly or with a fault. */
import { createHmac, generateKeyPairSync, type KeyObject, sign as signBytes } from "node:crypto";
import { type JWTPayload, SignJWT } from "jose";
import * as z from "zod";
import type { FaultName } from "./faults.ts";

/** The keys of a JWT issuer, and JWTs signed with them, rightly or wrongly. */

const algorithms = ["RS256", "ES256"] as const;
type Algorithm = (typeof algorithms)[number];

/**
 * `claims` go on top of what a good JWT says; null takes one away. `kid` names a key, also a withdrawn one, or one
 * that does not exist. `also_for` is a second audience. `padded` is base64url with `=`, as AWS load balancers write it.
 */
export const signRequest = z.strictObject({
  claims: z.record(z.string(), z.unknown()).default({}),
  header: z.record(z.string(), z.unknown()).default({}),
  alg: z.enum(algorithms).default("RS256"),
  kid: z.string().optional(),
  also_for: z.string().optional(),
  padded: z.boolean().default(false),
  fault: z.enum(["alg_none", "hmac_with_public_key", "foreign_key", "tampered"]).optional(),
});
export type SignRequest = z.output<typeof signRequest>;

interface Key {
  kid: string;
  alg: Algorithm;
  privateKey: KeyObject;
  publicKey: KeyObject;
  published: boolean;
}

export class JwtSigner {
  #keys: Key[] = [];
  #generation = 0;

  constructor() {
    this.rotate(false);
  }

  /** New keys sign from now on. @param withdraw whether the old ones are no longer published @returns the new key ids */
  rotate(withdraw: boolean): string[] {
    this.#generation += 1;
    if (withdraw) for (const key of this.#keys) key.published = false;
    const fresh = algorithms.map((alg) => createKey(`${alg.toLowerCase()}-${this.#generation}`, alg));
    this.#keys = [...fresh, ...this.#keys];
    return fresh.map(({ kid }) => kid);
  }

  jwks() {
    const published = this.#keys.filter((key) => key.published);
    return {
      keys: published.map(({ kid, alg, publicKey }) => ({
        ...publicKey.export({ format: "jwk" }),
        kid,
        alg,
        use: "sig",
      })),
    };
  }

  /** The public key as PEM; null when it is not published. */
  pem(kid: string): string | null {
    const key = this.#keys.find((candidate) => candidate.kid === kid && candidate.published);
    return key ? pemOf(key) : null;
  }

  sign({ alg, kid, header, claims, padded, fault }: SignRequest): string {
    const current = this.#keys.find((key) => key.alg === alg);
    const key = this.#keys.find((candidate) => candidate.kid === kid && candidate.alg === alg) ?? current;
    if (!key) throw new Error(`no key for ${alg}`);
    const part = (bytes: Buffer | string) => encode(bytes, padded);
    const claimed = fault === "alg_none" ? "none" : fault === "hmac_with_public_key" ? "HS256" : alg;
    const protectedHeader = { alg: claimed, kid: kid ?? key.kid, typ: "JWT", ...header };
    const [head, body] = [protectedHeader, claims].map((json) => part(JSON.stringify(json)));
    const input = `${head}.${body}`;
    switch (fault) {
      case "alg_none":
        return `${input}.`;
      case "hmac_with_public_key":
        return `${input}.${part(createHmac("sha256", pemOf(key)).update(input).digest())}`;
      case "foreign_key":
        return `${input}.${part(signatureOf(input, foreignKey(alg)))}`;
      case "tampered":
        return `${head}.${part(JSON.stringify({ ...claims, sub: "another-user" }))}.${part(signatureOf(input, key))}`;
      default:
        return `${input}.${part(signatureOf(input, key))}`;
    }
  }
}

/** Keys that no issuer publishes. Once per process: making an RSA key is slow, and blocks the event loop. */
const foreignKeys = new Map<Algorithm, Key>();
function foreignKey(alg: Algorithm): Key {
  const key = foreignKeys.get(alg) ?? createKey("foreign", alg);
  foreignKeys.set(alg, key);
  return key;
}

function createKey(kid: string, alg: Algorithm): Key {
  const pair =
    alg === "RS256"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { kid, alg, ...pair, published: true };
}

const signatureOf = (input: string, { privateKey }: Key) =>
  signBytes("sha256", Buffer.from(input), { key: privateKey, dsaEncoding: "ieee-p1363" });

const pemOf = ({ publicKey }: Key) => publicKey.export({ type: "spki", format: "pem" }).toString();

function encode(bytes: Buffer | string, padded: boolean): string {
  const text = Buffer.from(bytes).toString("base64url");
  return padded ? text.padEnd(Math.ceil(text.length / 4) * 4, "=") : text;
}

const EVIL = "https://evil.example/";
const ID_TOKEN_SECONDS = 300;

/** Issues id_tokens. `claims` hold `iss`, `aud`, `sub` and `nonce`; times are added here. */
export function createIdTokenIssuer(signer: JwtSigner, now: () => number) {
  return async (claims: JWTPayload, fault?: FaultName, clientSecret = ""): Promise<string> => {
    const iat = Math.floor(now() / 1_000);
    const correct = { iat, exp: iat + ID_TOKEN_SECONDS, ...claims };
    const sign = (changed: JWTPayload = {}, how: Partial<SignRequest> = {}) =>
      signer.sign(signRequest.parse({ claims: { ...correct, ...changed }, ...how }));
    switch (fault) {
      case "id_token_alg_none":
        return sign({}, { fault: "alg_none" });
      case "id_token_hs256":
        return new SignJWT(correct).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(clientSecret));
      case "id_token_bad_signature":
        return sign({}, { fault: "foreign_key" });
      case "id_token_unknown_key":
        return sign({}, { fault: "foreign_key", kid: "unknown" });
      case "id_token_wrong_aud":
        return sign({ aud: "another-client" });
      case "id_token_wrong_iss":
        return sign({ iss: EVIL });
      case "id_token_wrong_nonce":
        return sign({ nonce: "another-nonce" });
      case "id_token_expired":
        return sign({ iat: iat - 7_200, exp: iat - 3_600 });
      case "id_token_future_iat":
        return sign({ iat: iat + 600 });
      case "id_token_wrong_azp":
        return sign({ azp: "another-client" });
      case "id_token_no_azp":
        return sign({ aud: [String(claims.aud), "another-client"] });
      case "id_token_access_token":
        return sign({}, { header: { typ: "at+jwt" } });
      case "id_token_logout_token":
        return sign({}, { header: { typ: "application/logout+JWT" } });
      default:
        return sign();
    }
  };
}
