/** What the log may say about an error: classes, symbolic codes and causes; never messages, bodies or tokens. */

/** Why an outbound connection failed, as logs and the doctor name it. */
export type FailureCause =
  | "name_not_found"
  | "connection_refused"
  | "connection_reset"
  | "unreachable"
  | "timeout"
  | "unknown_ca"
  | "certificate_expired"
  | "certificate_not_yet_valid"
  | "hostname_mismatch"
  | "tls_failed"
  | "proxy_refused"
  | "redirected"
  | "too_large"
  | "unknown";

const CAUSES: Record<string, FailureCause> = {
  ENOTFOUND: "name_not_found",
  EAI_AGAIN: "name_not_found",
  EAI_NODATA: "name_not_found",
  EAI_NONAME: "name_not_found",
  ECONNREFUSED: "connection_refused",
  ECONNRESET: "connection_reset",
  ECONNABORTED: "connection_reset",
  EPIPE: "connection_reset",
  UND_ERR_SOCKET: "connection_reset",
  EHOSTUNREACH: "unreachable",
  EHOSTDOWN: "unreachable",
  ENETUNREACH: "unreachable",
  ENETDOWN: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  ETIMEDOUT: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  OAUTH_TIMEOUT: "timeout",
  ERR_JWKS_TIMEOUT: "timeout",
  TimeoutError: "timeout",
  timeout: "timeout",
  DEPTH_ZERO_SELF_SIGNED_CERT: "unknown_ca",
  SELF_SIGNED_CERT_IN_CHAIN: "unknown_ca",
  UNABLE_TO_GET_ISSUER_CERT: "unknown_ca",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unknown_ca",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unknown_ca",
  CERT_UNTRUSTED: "unknown_ca",
  CERT_HAS_EXPIRED: "certificate_expired",
  CERT_NOT_YET_VALID: "certificate_not_yet_valid",
  ERR_TLS_CERT_ALTNAME_INVALID: "hostname_mismatch",
  HOSTNAME_MISMATCH: "hostname_mismatch",
  EPROTO: "tls_failed",
  redirected: "redirected",
  too_large: "too_large",
};

/** Why a connection failed, from any error of fetch, jose, openid-client, ioredis, `net` or `tls`. */
export function causeOf(error: unknown): FailureCause {
  // The innermost error is the one that knows: fetch and the auth libraries wrap it several times.
  const causes = chain(error)
    .map(causeOfOne)
    .filter((cause) => cause !== "unknown");
  return causes.at(-1) ?? "unknown";
}

function causeOfOne(error: object): FailureCause {
  const { code, name, message } = error as { code?: unknown; name?: unknown; message?: unknown };
  // undici's proxy agent has no code of its own for it.
  if (typeof message === "string" && /^Proxy response \(|^proxy connect/i.test(message))
    return "proxy_refused";
  // undici refuses an answer that was compressed over and over before it builds the decompressors.
  if (typeof message === "string" && /^too many content-encodings/i.test(message)) return "too_large";
  for (const symptom of [code, name])
    if (typeof symptom === "string" && Object.hasOwn(CAUSES, symptom)) return CAUSES[symptom] ?? "unknown";
  return typeof code === "string" && /SSL|TLS|CERT/.test(code) ? "tls_failed" : "unknown";
}

/** The error and what it wraps, outermost first. Node tries several addresses and reports them together. */
function chain(error: unknown, depth = 0): object[] {
  if (typeof error !== "object" || error === null || depth > 8) return [];
  const { cause, errors } = error as { cause?: unknown; errors?: unknown };
  const several = Array.isArray(errors) ? errors.slice(0, 8) : [];
  return [error, ...several.flatMap((one) => chain(one, depth + 1)), ...chain(cause, depth + 1)];
}

/**
 * An error as a line for the log. Errors of auth libraries hold what the provider wrote, and sometimes the whole
 * token answer, so their messages, bodies and causes are left out.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const cause = causeOf(error);
  const parts = [error.constructor.name, ...symbolsOf(error), ...symbolsOf(error.cause)];
  return [...new Set(cause === "unknown" ? parts : [...parts, cause])].join(" ");
}

/** The text when it is a bare symbol such as `server_error`; authorization codes and tokens hold digits. */
export function symbol(value: unknown): string | null {
  return typeof value === "string" && /^[A-Za-z][A-Za-z_]{2,40}$/.test(value) ? value : null;
}

function symbolsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { status, code, error } = value as { status?: unknown; code?: unknown; error?: unknown };
  const symbols = [symbol(code), symbol(error)].filter((text) => text !== null);
  return typeof status === "number" ? [String(status), ...symbols] : symbols;
}
