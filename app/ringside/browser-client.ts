/** The browser's client: the only code in the browser that calls Ringside, with a Client Token. */
import {
  type Customer,
  type DailyUsage,
  dailyUsageQuery,
  parseCustomer,
  parseDailyUsage,
  paths,
} from "./contract.ts";
import { type Network, type Result, requestJson } from "./http.ts";

/** `unauthorized` means that a new token may help, `forbidden` that it never will. */
export interface RingsideClient {
  /** The Customer row. An answer about another Customer is a `contract` failure: it must never be shown. */
  getCustomer(id: string, token: string, signal: AbortSignal): Promise<Result<Customer>>;
  /** Daily usage of the token's Customer from `since` (`YYYY-MM-DD`, UTC) on, oldest first. */
  getDailyUsage(since: string, token: string, signal: AbortSignal): Promise<Result<DailyUsage[]>>;
}

/** @param baseUrl the API base with its version, e.g. `https://api.fightclub.pro/v1` */
export function createRingsideClient(network: Network, baseUrl: string): RingsideClient {
  const base = baseUrl.replace(/\/+$/, "");
  const request = (token: string, signal: AbortSignal) =>
    ({
      headers: { accept: "application/json", authorization: `Client ${token}` },
      credentials: "omit",
      referrerPolicy: "no-referrer",
      // Not `no-store`: it makes Chromium skip its cache of preflights too, and every poll cost two requests.
      cache: "default",
      signal,
    }) as const;

  return {
    getCustomer: (id, token, signal) =>
      requestJson(network, base + paths.customer(id), request(token, signal), (body) =>
        parseCustomer(body, { id }),
      ),
    getDailyUsage: (since, token, signal) =>
      requestJson(
        network,
        `${base}${paths.usage}?${dailyUsageQuery(since)}`,
        request(token, signal),
        parseDailyUsage,
      ),
  };
}
