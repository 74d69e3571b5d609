/** The Client-Token client: the only code in the browser that speaks to Ringside. */
import {
  ContractError,
  type Customer,
  type DailyUsage,
  dailyUsageQuery,
  parseCustomer,
  parseDailyUsage,
  paths,
} from "./contract.ts";
import { type Answer, fetchJson, type Network } from "./fetch-json.ts";

/** `unauthorized` means that a new token may help, `forbidden` that it never will. */
export interface RingsideClient {
  /** The Customer row. An answer about another Customer is a `contract` failure: it must never be shown. */
  getCustomer(id: string, token: string, signal: AbortSignal): Promise<Answer<Customer>>;
  /** Daily usage of the token's Customer from `since` (`YYYY-MM-DD`, UTC) on, oldest first. */
  getDailyUsage(since: string, token: string, signal: AbortSignal): Promise<Answer<DailyUsage[]>>;
}

/** @param baseUrl the API base with its version, e.g. `https://api.fightclub.pro/v1` */
export function createRingsideClient(network: Network, baseUrl: string): RingsideClient {
  const base = baseUrl.replace(/\/+$/, "");
  const request = (token: string, signal: AbortSignal) =>
    ({
      headers: { accept: "application/json", authorization: `Client ${token}` },
      credentials: "omit",
      referrerPolicy: "no-referrer",
      redirect: "error",
      // Not `no-store`: it makes Chromium skip its cache of preflights too, and every poll cost two requests.
      cache: "default",
      signal,
    }) as const;

  return {
    getCustomer: (id, token, signal) =>
      fetchJson(network, base + paths.customer(id), request(token, signal), (body) => {
        const customer = parseCustomer(body);
        if (customer.id !== id) throw new ContractError("not the Customer that was asked for");
        return customer;
      }),
    getDailyUsage: (since, token, signal) =>
      fetchJson(
        network,
        `${base}${paths.usage}?${dailyUsageQuery(since)}`,
        request(token, signal),
        parseDailyUsage,
      ),
  };
}
