/** The one HTTP client for JSON, of the server and of the browser: bounded in time and size, and it never throws. */
import { FetchError, fetchBounded } from "#adapters/bounded-fetch.ts";
import { errorCode } from "./contract.ts";

/** What a request needs from its environment; injected, so that tests own the clock and the network. */
export interface Network {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Milliseconds since the epoch on the local clock, right or wrong. */
  now(): number;
  /** Starts a timer; what it returns cancels it. */
  after(ms: number, run: () => void): () => void;
}

/**
 * Every way a request can fail.
 * - `unauthorized`, `forbidden`, `not_found`, `conflict`, `rate_limited`: 401, 403, 404, 409, 429
 * - `unavailable`: 5xx
 * - `redirected`: never followed
 * - `network`: no answer at all, or the caller aborted
 * - `timeout`: not complete within the time limit
 * - `contract`: anything else that cannot be read as what was requested
 */
export type FailureKind =
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "rate_limited"
  | "unavailable"
  | "redirected"
  | "network"
  | "timeout"
  | "contract";

export interface Failure {
  kind: FailureKind;
  /** The code in the body, of Ringside or of a problem of our own; null without one, `not_json` for HTML and the like. */
  code?: string | null;
  retryAfterMs?: number | null;
  /** What could not be read. Never quotes the body. */
  detail?: string;
  /** What was thrown; the server finds the cause in it. */
  error?: unknown;
}

export type Result<T> = { kind: "ok"; value: T } | Failure;

/** The problem codes that our own mint can answer a page with. */
export const MINT_PROBLEMS = [
  "bad_request",
  "not_signed_in",
  "bad_origin",
  "session_changed",
  "rate_limited",
  "server_error",
  "ringside_unavailable",
  "ringside_rejected_key",
  "customer_unavailable",
  "session_store_unavailable",
  "proof_unverifiable",
] as const;
export type MintProblem = (typeof MINT_PROBLEMS)[number];

export interface RequestLimits {
  timeoutMs?: number;
  maxBytes?: number;
}

/** @param parse reads the body of a 2xx (undefined when it is not JSON); what it throws becomes `contract` */
export async function requestJson<T>(
  network: Network,
  url: string,
  init: RequestInit,
  parse: (body: unknown, headers: Headers) => T,
  { timeoutMs = 10_000, maxBytes = 1_000_000 }: RequestLimits = {},
): Promise<Result<T>> {
  const { fetch, after } = network;
  try {
    const limits = { timeoutMs, maxBytes, fetch, after };
    const { response, bytes } = await fetchBounded(url, { cache: "no-store", ...init }, limits);
    return classify(response, readJson(bytes), network.now(), parse);
  } catch (error) {
    if (!(error instanceof FetchError)) return { kind: "network", error };
    if (error.code === "too_large") return { kind: "contract", detail: error.message, error };
    return { kind: error.code, error };
  }
}

/** The code of a body that neither Ringside nor our own server sends. */
export const NOT_JSON = "not_json";

const KINDS: Record<number, FailureKind> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  429: "rate_limited",
};

function classify<T>(
  { status, headers }: Response,
  body: unknown,
  now: number,
  parse: (body: unknown, headers: Headers) => T,
): Result<T> {
  const code = body === undefined ? NOT_JSON : errorCode(body);
  if (status >= 200 && status < 300) return tryParse(() => parse(body, headers), code);
  const kind = KINDS[status] ?? (status >= 500 ? "unavailable" : "contract");
  if (kind === "contract") return { kind, code, detail: `status ${status}` };
  return { kind, code, retryAfterMs: retryAfterMs(headers, now) };
}

/** The live engine continues whatever a parser throws. */
function tryParse<T>(parse: () => T, code: string | null): Result<T> {
  try {
    return { kind: "ok", value: parse() };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { kind: "contract", code, detail, error };
  }
}

/** Undefined for anything but UTF-8 JSON of a sane shape. A byte order mark is skipped. */
function readJson(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return isSane(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const MAX_DEPTH = 32;
const MAX_VALUES = 200_000;

/** Deep nesting overflows the stack of whatever walks the value by recursion, and many values take long to check. */
function isSane(value: unknown): boolean {
  let level = [value];
  let values = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    values += level.length;
    if (depth > MAX_DEPTH || values > MAX_VALUES) return false;
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  }
  return true;
}

/**
 * `Retry-After` in milliseconds from now, in either form: seconds, or an HTTP date, which is compared with the
 * answer's own `Date` where the page may see it. Null when there is none that makes sense.
 */
function retryAfterMs(headers: Headers, now: number): number | null {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // Date.parse makes a year of "-5"; every HTTP date begins with the name of a day.
  if (!/^[a-z]/i.test(value)) return null;
  const sentAt = Date.parse(headers.get("date") ?? "");
  const ms = Date.parse(value) - (Number.isNaN(sentAt) ? now : sentAt);
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
