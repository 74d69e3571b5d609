/** The server's client: the only code that holds the long-lived key. */
import { causeOf, type FailureCause } from "#adapters/describe-error.ts";
import {
  type ClientTokenAnswer,
  ContractError,
  type CreateCustomerRequest,
  type Customer,
  type DailyUsage,
  dailyUsageQuery,
  type MintRequest,
  parseCustomer,
  parseDailyUsage,
  paths,
  readClientToken,
  WrongCustomerError,
} from "./contract.ts";
import { type Failure, type MintProblem, requestJson } from "./http.ts";
import { createKeyDetector, withoutKey } from "./own-key.server.ts";

/**
 * What went wrong, distinguished by what helps:
 * - `not_found`: there is no such Customer
 * - `conflict`: another process created it a moment earlier
 * - `wrong_customer`: the row is another Customer's, and must not be shown
 * - `rejected_key`: our key is wrong, revoked or lacks a scope; only the operator can repair it
 * - `rate_limited`: wait `retryAfter`
 * - `unavailable`: unreachable, too slow, 5xx, or an answer outside the contract
 */
export type RingsideFailure =
  | "not_found"
  | "conflict"
  | "wrong_customer"
  | "rejected_key"
  | "rate_limited"
  | "unavailable";

/** The problem that a page or a program is told. */
export const PROBLEM_OF = {
  not_found: "customer_unavailable",
  conflict: "customer_unavailable",
  wrong_customer: "customer_unavailable",
  rejected_key: "ringside_rejected_key",
  rate_limited: "rate_limited",
  unavailable: "ringside_unavailable",
} as const satisfies Record<RingsideFailure, MintProblem>;

/** Why Ringside is unavailable, as a stable word for the log. */
export type UnavailableCause = FailureCause | "server_error" | "unreadable_answer";

export class RingsideError extends Error {
  constructor(
    readonly failure: RingsideFailure,
    /** For the log: the call and what came back. Never a body, never the key. */
    detail: string,
    /** Ringside's own `Retry-After` in seconds. */
    readonly retryAfter: string | null = null,
    /** Only of `unavailable`. */
    readonly reason: UnavailableCause | null = null,
    options?: ErrorOptions,
  ) {
    super(`${failure}: ${detail}`, options);
    this.name = "RingsideError";
  }
}

export interface MintedToken {
  /** Ringside's answer with every field that cannot hold our key. */
  answer: ClientTokenAnswer;
  /** Ringside's own `Date`, against which `expires_at` means a lifetime; null when it sent none. */
  date: string | null;
}

export interface Ringside {
  /** @throws RingsideError `not_found` when the external_id has no Customer */
  getCustomer(externalId: string): Promise<Customer>;
  /** @throws RingsideError `conflict` when the external_id is taken */
  createCustomer(body: CreateCustomerRequest, idempotencyKey: string): Promise<Customer>;
  /** Daily usage from `since` (`YYYY-MM-DD`, UTC) on, oldest first. */
  getDailyUsage(externalId: string, since: string, signal?: AbortSignal): Promise<DailyUsage[]>;
  /** @throws RingsideError `not_found` for an unknown Customer */
  mintClientToken(body: MintRequest): Promise<MintedToken>;
}

/** For one call with its retry: a page that says Ringside does not answer beats one that hangs. */
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 2_000_000;

export interface RingsideOptions {
  url: URL;
  apiKey: string;
  timeoutMs?: number;
  /** Told of every call: what it was, its status (or `timeout`, `network`), how long it took. */
  onCall?: (call: string, code: string, seconds: number) => void;
  /** Told of every call that found Ringside unavailable, unless our own caller gave up on it. */
  onUnavailable?: (call: string, reason: UnavailableCause) => void;
}

interface Call<T> {
  /** As the log may name it: external_ids are personal data and stay out. */
  name: string;
  path: string;
  parse(body: unknown, headers: Headers): T;
  body?: object;
  idempotencyKey?: string;
  signal?: AbortSignal | undefined;
}

export function createRingside(options: RingsideOptions): Ringside {
  const base = options.url.href.replace(/\/$/, "");
  const holdsKey = createKeyDetector(options.apiKey);
  const { timeoutMs = TIMEOUT_MS } = options;

  async function call<T>({ name, path, parse, body, idempotencyKey, signal }: Call<T>): Promise<T> {
    const started = performance.now();
    let status = "network";
    const network = {
      now: Date.now,
      async fetch(url: string, init: RequestInit) {
        const response = await fetch(url, init);
        status = String(response.status);
        return response;
      },
      after(ms: number, run: () => void) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    };
    const init: RequestInit = {
      method: body ? "POST" : "GET",
      headers: {
        accept: "application/json",
        authorization: `Bearer ${options.apiKey}`,
        ...(body && { "content-type": "application/json" }),
        ...(idempotencyKey && { "idempotency-key": idempotencyKey }),
      },
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    };
    const parseSafely = (received: unknown, headers: Headers) => {
      const value = parse(received, headers);
      if (holdsKey(JSON.stringify(value) ?? "")) throw new ContractError("it repeats our own key");
      return value;
    };
    const send = () => {
      const limits = { timeoutMs: timeoutMs - (performance.now() - started), maxBytes: MAX_BYTES };
      return requestJson(network, base + path, init, parseSafely, limits);
    };
    let result = await send();
    // Once more on a broken connection, such as a kept-alive one that was closed, but never after a timeout.
    if (result.kind === "network" && !signal?.aborted) result = await send();
    if (result.kind === "timeout" || result.kind === "network") status = result.kind;
    options.onCall?.(name, status, (performance.now() - started) / 1000);
    if (result.kind === "ok") return result.value;
    const error = failed(name, result, holdsKey);
    if (error.reason && !signal?.aborted) options.onUnavailable?.(name, error.reason);
    throw error;
  }

  return {
    getCustomer: (externalId) =>
      call({
        name: "GET /customers/ext:…",
        path: paths.customerByExternalId(externalId),
        parse: (body) => parseCustomer(body, { externalId }),
      }),
    createCustomer: (body, idempotencyKey) =>
      call({
        name: "POST /customers",
        path: paths.customers,
        parse: (row) => parseCustomer(row, { externalId: body.external_id }),
        body,
        idempotencyKey,
      }),
    getDailyUsage: (externalId, since, signal) =>
      call({
        name: "GET /customers/ext:…/usage",
        path: `${paths.customerUsage(externalId)}?${dailyUsageQuery(since)}`,
        parse: parseDailyUsage,
        signal,
      }),
    mintClientToken: (body) =>
      call({
        name: "POST /client_tokens",
        path: paths.clientTokens,
        parse: (answer, headers) => ({
          answer: readClientToken(withoutKey(answer, holdsKey)),
          date: httpDate(headers.get("date")),
        }),
        body,
      }),
  };
}

const httpDate = (text: string | null) => {
  const ms = Date.parse(text ?? "");
  return Number.isNaN(ms) ? null : new Date(ms).toUTCString();
};

function failed(call: string, failure: Failure, holdsKey: (text: string) => boolean): RingsideError {
  // Upstream text goes into the log as a bare symbol or not at all.
  const { code, retryAfterMs, detail } = failure;
  const symbol = code && /^[\w.-]{1,64}$/.test(code) && !holdsKey(code) ? code : "";
  const retryAfter = retryAfterMs == null ? null : String(Math.min(Math.ceil(retryAfterMs / 1000), 86_400));
  const reason = FAILURES[failure.kind];
  const what = failure.error instanceof WrongCustomerError ? "wrong_customer" : reason;
  const cause = what === "unavailable" ? unavailableCause(failure) : null;
  const words = [detail ?? failure.kind, symbol, cause].filter(Boolean).join(" ");
  const options = failure.error === undefined ? {} : { cause: failure.error };
  return new RingsideError(what, `${call}: ${words}`, retryAfter, cause, options);
}

const FAILURES = {
  not_found: "not_found",
  conflict: "conflict",
  unauthorized: "rejected_key",
  forbidden: "rejected_key",
  rate_limited: "rate_limited",
  unavailable: "unavailable",
  redirected: "unavailable",
  network: "unavailable",
  timeout: "unavailable",
  contract: "unavailable",
} as const satisfies Record<Failure["kind"], RingsideFailure>;

function unavailableCause({ kind, error }: Failure): UnavailableCause {
  if (kind === "unavailable") return "server_error";
  const cause = causeOf(error);
  return kind === "contract" && cause === "unknown" ? "unreadable_answer" : cause;
}
