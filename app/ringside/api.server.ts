/** The Bearer client: the only code that ever holds the long-lived key. */
import {
  type ClientTokenAnswer,
  ContractError,
  type CreateCustomerRequest,
  type Customer,
  clientTokenAnswer,
  type DailyUsage,
  dailyUsageQuery,
  errorCode,
  type MintRequest,
  parseCustomer,
  parseDailyUsage,
  paths,
} from "./contract.ts";

/**
 * What went wrong, told apart by what helps:
 * - `not_found`: there is no such Customer
 * - `conflict`: somebody created it a moment earlier
 * - `rejected_key`: our key is wrong, revoked or lacks a scope; only the operator can mend it
 * - `rate_limited`: wait `retryAfter`
 * - `unavailable`: unreachable, too slow, 5xx, or an answer outside the contract
 */
export type RingsideFailure = "not_found" | "conflict" | "rejected_key" | "rate_limited" | "unavailable";

export class RingsideError extends Error {
  constructor(
    readonly failure: RingsideFailure,
    /** For the log: the call and what came back. Never a body, never the key. */
    detail: string,
    /** Ringside's own `Retry-After`, as it was sent. */
    readonly retryAfter: string | null = null,
    options?: ErrorOptions,
  ) {
    super(`${failure}: ${detail}`, options);
    this.name = "RingsideError";
  }
}

export interface MintedToken {
  /** Ringside's answer with every field it has. */
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

/** One call may take this long; a page that hangs is worse than one that says Ringside does not answer. */
const TIMEOUT_MS = 5_000;

export interface RingsideOptions {
  url: URL;
  apiKey: string;
  /** Told of every call: what it was, the status it was answered with (or `timeout`, `network`), how long it took. */
  onCall?: (call: string, code: string, seconds: number) => void;
}

export function createRingside(options: RingsideOptions): Ringside {
  const base = options.url.href.replace(/\/$/, "");

  /** @param what the call as the log may name it: external_ids are personal data and stay out */
  async function call(what: string, path: string, init: CallInit = {}): Promise<Answer> {
    const send = () =>
      fetch(base + path, {
        method: init.body ? "POST" : "GET",
        redirect: "error",
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(init.signal ? [init.signal] : [])]),
        headers: {
          accept: "application/json",
          authorization: `Bearer ${options.apiKey}`,
          ...(init.body && { "content-type": "application/json" }),
          ...(init.idempotencyKey && { "idempotency-key": init.idempotencyKey }),
        },
        ...(init.body && { body: JSON.stringify(init.body) }),
      });
    const started = performance.now();
    let code = "network";
    try {
      // One more try on a broken connection, never after a time-out: the user has waited long enough.
      const response = await send().catch((error) => (isTimeout(error) ? Promise.reject(error) : send()));
      code = String(response.status);
      return await read(response, what);
    } catch (error) {
      if (error instanceof RingsideError) throw error;
      code = isTimeout(error) ? "timeout" : "network";
      const why = isTimeout(error) ? `no answer in ${TIMEOUT_MS} ms` : "no connection";
      throw new RingsideError("unavailable", `${what}: ${why}`, null, { cause: error });
    } finally {
      options.onCall?.(what, code, (performance.now() - started) / 1000);
    }
  }

  return {
    getCustomer: async (externalId) =>
      within(
        parseCustomer,
        (await call("GET /customers/ext:…", paths.customerByExternalId(externalId))).body,
      ),
    createCustomer: async (body, idempotencyKey) =>
      within(parseCustomer, (await call("POST /customers", paths.customers, { body, idempotencyKey })).body),
    getDailyUsage: async (externalId, since, signal) => {
      const path = `${paths.customerUsage(externalId)}?${dailyUsageQuery(since)}`;
      const answer = await call("GET /customers/ext:…/usage", path, signal ? { signal } : {});
      return within(parseDailyUsage, answer.body);
    },
    mintClientToken: async (request) => {
      const { body, date } = await call("POST /client_tokens", paths.clientTokens, { body: request });
      return { answer: within((answer) => clientTokenAnswer.parse(answer), body), date };
    },
  };
}

interface Answer {
  body: unknown;
  date: string | null;
}

interface CallInit {
  body?: object;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

async function read(response: Response, what: string): Promise<Answer> {
  const body = await json(response);
  if (response.ok) {
    if (body === undefined)
      throw new RingsideError("unavailable", `${what}: ${response.status} without JSON`);
    return { body, date: response.headers.get("date") };
  }
  throw new RingsideError(
    failureOf(response.status),
    `${what}: ${response.status} ${errorCode(body) ?? ""}`.trim(),
    response.headers.get("retry-after"),
  );
}

function failureOf(status: number): RingsideFailure {
  if (status === 404) return "not_found";
  if (status === 409) return "conflict";
  if (status === 401 || status === 403) return "rejected_key";
  if (status === 429) return "rate_limited";
  return "unavailable";
}

async function json(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An answer we cannot read is Ringside's failure, not a crash of ours. */
function within<T>(parse: (body: unknown) => T, body: unknown): T {
  try {
    return parse(body);
  } catch (error) {
    const detail = error instanceof ContractError ? error.message : "an answer outside the contract";
    throw new RingsideError("unavailable", detail, null, { cause: error });
  }
}

const isTimeout = (error: unknown) =>
  error instanceof DOMException && (error.name === "TimeoutError" || error.name === "AbortError");
