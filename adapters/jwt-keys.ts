/**
 * The public keys of a JWT issuer: fetched when needed, kept, and fetched again. An outage of the issuer's key
 * server must not sign all users out, must not be paid for by every request, and must never let a token through.
 */
import { createRemoteJWKSet, customFetch, importSPKI, type JWTVerifyGetKey } from "jose";
import { LRUCache } from "lru-cache";
import { AdapterError } from "./adapter.ts";
import { providerFetch } from "./bounded-fetch.ts";
import { describeError } from "./describe-error.ts";

/** After this long keys are fetched anew, so that one the issuer has withdrawn stops being good. */
const FRESH_MS = 600_000;
/** So long they are good while the issuer cannot be reached: not for ever, or an outage would revive old keys. */
const KEEP_MS = 86_400_000;
/** An unknown `kid` fetches the set again, but not one per forged token. */
const COOL_DOWN_MS = 30_000;
/** After a failure nothing is fetched for so long: otherwise each request would wait for the timeout. */
const HOLD_OFF_MS = 5_000;
const TIMEOUT_MS = 5_000;
const MAX_KEYS = 32;
/**
 * Lookups of unknown kids in each HOLD_OFF_MS. Forged tokens must not become a flood of requests; a single one of them
 * must not keep the real key from being fetched either, and once it is there no lookup is needed.
 */
const MAX_UNKNOWN = 20;

/** It goes into an address: no dot, slash, percent sign or anything else that could lead elsewhere. */
const KID = /^[A-Za-z0-9_-]{1,128}$/;

/**
 * @param url a JWKS; with `{kid}` in it, one PEM public key per address
 * @returns finds the key of a JWT. @throws AdapterError `provider_unavailable` when it cannot be had
 */
export const keysFrom = (url: string, timeoutMs = TIMEOUT_MS): JWTVerifyGetKey =>
  url.includes("{kid}") ? pemPerKey(url, timeoutMs) : keySet(new URL(url), timeoutMs);

function keySet(url: URL, timeoutMs: number): JWTVerifyGetKey {
  const download = createDownload();
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: timeoutMs,
    cooldownDuration: COOL_DOWN_MS,
    cacheMaxAge: KEEP_MS,
    [customFetch]: async (href, { signal }) => {
      const body = await download(href, signal);
      if (body === null) throw new AdapterError("provider_unavailable", "keys: none are published there");
      return new Response(body);
    },
  });
  let refreshAt = Date.now() + FRESH_MS;
  return async (header, token) => {
    if (keys.jwks() && Date.now() >= refreshAt) {
      // Before the wait, so that of many requests one refreshes and the others go on with the keys there are.
      refreshAt = Date.now() + FRESH_MS;
      await keys.reload().catch(() => {
        refreshAt = Date.now() + HOLD_OFF_MS;
      });
    }
    return keys(header, token);
  };
}

function pemPerKey(template: string, timeoutMs: number): JWTVerifyGetKey {
  const download = createDownload(MAX_UNKNOWN);
  const pems = new LRUCache<string, string>({
    max: MAX_KEYS,
    ttl: KEEP_MS,
    perf: Date,
    fetchMethod: async (kid) => {
      const url = template.replaceAll("{kid}", kid);
      return (await download(url, AbortSignal.timeout(timeoutMs))) ?? undefined;
    },
  });
  return async ({ kid, alg }) => {
    if (typeof kid !== "string" || !KID.test(kid))
      throw new AdapterError("invalid_response", "a kid that fits no address");
    const pem = await pems.fetch(kid);
    if (pem === undefined) throw new AdapterError("invalid_response", "a kid that the issuer does not know");
    return importSPKI(pem, alg).catch((error: unknown) => {
      throw new AdapterError("invalid_response", `a key of another algorithm: ${describeError(error)}`);
    });
  };
}

/**
 * Fetches text; null when there is no such thing. @throws AdapterError `provider_unavailable`
 * @param maxMissing how many times nothing may be there before it is held off; a failure is held off at once
 */
function createDownload(maxMissing = 1) {
  let heldUntil = 0;
  let missing = { since: 0, count: 0 };
  return async (url: string, signal: AbortSignal): Promise<string | null> => {
    if (Date.now() < heldUntil)
      throw new AdapterError("provider_unavailable", "keys: not asked for again so soon after a failure");
    try {
      const response = await providerFetch(url, { signal });
      if (response.status === 200) return await response.text();
      if (response.status === 403 || response.status === 404) {
        if (Date.now() >= missing.since + HOLD_OFF_MS) missing = { since: Date.now(), count: 0 };
        missing.count += 1;
        if (missing.count >= maxMissing) heldUntil = Date.now() + HOLD_OFF_MS;
        return null;
      }
      throw new Error(`status ${response.status}`);
    } catch (error) {
      heldUntil = Date.now() + HOLD_OFF_MS;
      throw new AdapterError("provider_unavailable", `keys: ${describeError(error)}`);
    }
  };
}
