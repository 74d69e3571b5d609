/** The Client-Token client: the only code in the browser that speaks to Ringside. */
import {
  ContractError,
  type Customer,
  type DailyUsage,
  dailyUsageQuery,
  errorCode,
  parseCustomer,
  parseDailyUsage,
  paths,
} from "./contract.ts";
import { fetchJson, type JsonAnswer, type Network, retryAfterMs } from "./fetch-json.ts";

/**
 * Every way a call can end. None of them is an exception.
 * - `unauthorized`: any 401; a new token may help
 * - `forbidden`: any 403, with Ringside's code; a new token never helps
 * - `unavailable`: 5xx
 * - `contract`: an answer that contract.ts cannot read, with what was wrong
 */
export type RingsideAnswer<T> =
  | { kind: "ok"; value: T }
  | { kind: "unauthorized" }
  | { kind: "forbidden"; code: string | null }
  | { kind: "not_found" }
  | { kind: "rate_limited"; retryAfterMs: number | null }
  | { kind: "unavailable"; retryAfterMs: number | null }
  | Exclude<JsonAnswer, { kind: "answer" }>;

export interface RingsideClient {
  /** The Customer row. An answer about another Customer is a `contract` failure: it must never be shown. */
  getCustomer(id: string, token: string, signal: AbortSignal): Promise<RingsideAnswer<Customer>>;
  /** Daily usage of the token's Customer from `since` (`YYYY-MM-DD`, UTC) on, oldest first. */
  getDailyUsage(since: string, token: string, signal: AbortSignal): Promise<RingsideAnswer<DailyUsage[]>>;
}

/** @param baseUrl the API base with its version, e.g. `https://api.fightclub.pro/v1` */
export function createRingsideClient(network: Network, baseUrl: string): RingsideClient {
  const base = baseUrl.replace(/\/+$/, "");

  async function get<T>(
    path: string,
    token: string,
    signal: AbortSignal,
    parse: (body: unknown) => T,
  ): Promise<RingsideAnswer<T>> {
    const init: RequestInit = {
      headers: { accept: "application/json", authorization: `Client ${token}` },
      credentials: "omit",
      referrerPolicy: "no-referrer",
      redirect: "error",
    };
    const answer = await fetchJson(network, base + path, init, signal);
    if (answer.kind !== "answer") return answer;
    const { status, headers, body } = answer;
    if (status >= 200 && status < 300) return within(parse, body);
    if (status === 401) return { kind: "unauthorized" };
    if (status === 403) return { kind: "forbidden", code: errorCode(body) };
    if (status === 404) return { kind: "not_found" };
    if (status === 429) return { kind: "rate_limited", retryAfterMs: retryAfterMs(headers, network.now()) };
    if (status >= 500) return { kind: "unavailable", retryAfterMs: retryAfterMs(headers, network.now()) };
    return { kind: "contract", detail: `status ${status}` };
  }

  return {
    getCustomer: (id, token, signal) =>
      get(paths.customer(id), token, signal, (body) => {
        const customer = parseCustomer(body);
        if (customer.id !== id) throw new ContractError("the Customer is not the one asked for");
        return customer;
      }),
    getDailyUsage: (since, token, signal) =>
      get(`${paths.usage}?${dailyUsageQuery(since)}`, token, signal, parseDailyUsage),
  };
}

function within<T>(parse: (body: unknown) => T, body: unknown): RingsideAnswer<T> {
  try {
    return { kind: "ok", value: parse(body) };
  } catch (error) {
    if (error instanceof ContractError) return { kind: "contract", detail: error.message };
    throw error;
  }
}
