/**
 * The last net under the logs. Callers pass facts and no secrets; but an error's text comes from whoever threw
 * it, and one that quotes a URL or a header would put a code, a token or somebody's id into a file that many read.
 */

import { passwordsIn } from "#app/config/redis-url.server.ts";

const REMOVED = "[removed]";

/** What a secret looks like when its value is not known beforehand. */
const SHAPES: [RegExp, string][] = [
  // JWTs and sealed cookies (JWE): both begin with a JSON object in base64url.
  [/\beyJ[\w-]+(?:\.[\w-]*){2,4}/g, REMOVED],
  [/\b(Bearer|Client|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${REMOVED}`],
  // In queries and forms, percent-encoded or not.
  [
    /(?<=^|[^A-Za-z_]|%[\dA-F]{2})(code|state|token|access_token|id_token|refresh_token|code_verifier|client_secret|password|nonce)(=|%3D)[^\s&"'\\]+/gi,
    `$1$2${REMOVED}`,
  ],
  [/\b((?:__Host-)?(?:session|flow-[\w-]+)=)[^\s;"'\\]+/g, `$1${REMOVED}`],
  // An external_id in a Ringside address says who somebody is.
  [/\b(ext(?::|%3A))[^\s/?"'\\…]+/gi, `$1${REMOVED}`],
  // user:password@host
  [/(\b[a-z][a-z\d+.-]*:\/\/)[^\s/@"'\\]+@/gi, `$1${REMOVED}@`],
];

const SECRET_NAMES = /SECRET|PASSWORD|TOKEN|_KEY$/;

/**
 * The values in an environment that no log may hold, as they look inside a JSON string. Comma-separated lists are
 * taken apart; what is too short to be a secret is left alone, or a value of `1` would blank every digit.
 */
export function secretsIn(environment: Record<string, string | undefined>): string[] {
  return Object.entries(environment)
    .filter(([name]) => SECRET_NAMES.test(name))
    .flatMap(([, value = ""]) => [value, ...value.split(",").map((part) => part.trim())])
    .concat(passwordsIn(environment["REDIS_URL"] ?? ""))
    .filter((value) => value.length >= 8)
    .map((value) => JSON.stringify(value).slice(1, -1))
    .sort((one, other) => other.length - one.length);
}

/** @param secrets as `secretsIn` gives them */
export function createScrub(secrets: readonly string[]): (line: string) => string {
  return (line) => {
    let clean = line;
    for (const secret of secrets) clean = clean.replaceAll(secret, REMOVED);
    for (const [shape, replacement] of SHAPES) clean = clean.replace(shape, replacement);
    return clean;
  };
}
