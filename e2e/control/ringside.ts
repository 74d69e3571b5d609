/** The mock Ringside, as a test sees it: what it holds, what it received, and what it should do wrong next. */
import { stack } from "../stack.ts";
import { control } from "./http.ts";

export interface ReceivedRequest {
  seq: number;
  method: string;
  path: string;
  query: Record<string, string>;
  origin: string | null;
  authorization: "bearer" | "client" | "none" | "other";
  token_id: string | null;
  cookie: boolean;
  idempotency_key: string | null;
  body: Record<string, unknown> | null;
  status: number;
}

export interface CustomerRow {
  id: string;
  external_id: string;
  spend_usd_mtd: number;
  request_count_mtd: number;
}

export interface Fault {
  fault: string;
  on?: string;
  times?: number | null;
  retry_after?: number | string;
  delay_ms?: number;
  body?: unknown;
}

const base = stack.ringsideUrl;

/**
 * Control over one Customer, known by its external_id, whether it exists yet or not.
 * @param from leaves out what was received before, by a test that had the same person
 */
export function customerControl(externalId: string, from = 0) {
  const ref = `ext:${encodeURIComponent(externalId)}`;
  const inQuery = encodeURIComponent(`ext:${encodeURIComponent(externalId)}`);
  return {
    externalId,
    seed: (fields: object = {}) =>
      control<CustomerRow>(base, "POST", "/customers", { external_id: externalId, ...fields }),
    ledger: () =>
      control<{ customer: CustomerRow; days: { date: string; spend_usd: number; request_count: number }[] }>(
        base,
        "GET",
        `/customers/${ref}`,
      ),
    rows: () =>
      control<CustomerRow[] | { customers: CustomerRow[] }>(
        base,
        "GET",
        `/customers?external_id=${encodeURIComponent(externalId)}`,
      ).then((answer) => (Array.isArray(answer) ? answer : answer.customers)),
    remove: () => control(base, "DELETE", `/customers/${ref}`),
    spend: (spend_usd: number, requests = 1) =>
      control(base, "POST", "/usage", { customer: ref, spend_usd, requests }),
    fault: (fault: Fault) => control(base, "POST", "/faults", { customer: ref, ...fault }),
    clearFaults: () => control(base, "DELETE", `/faults?customer=${inQuery}`),
    advanceClock: (advance_ms: number) => control(base, "POST", "/clock", { customer: ref, advance_ms }),
    tokens: () =>
      control<{ tokens: { jti: string; origin: string; allowed_endpoints: string[] }[] }>(
        base,
        "GET",
        `/tokens?customer=${inQuery}`,
      ).then(({ tokens }) => tokens),
    /** What Ringside received about this Customer after `since`, oldest first. */
    received: (since = from) =>
      control<{ requests: ReceivedRequest[] }>(
        base,
        "GET",
        `/requests?customer=${inQuery}&since=${since}`,
      ).then(({ requests }) => requests),
  };
}
export type CustomerControl = ReturnType<typeof customerControl>;

export const isMint = ({ method, path }: ReceivedRequest) =>
  method === "POST" && path.endsWith("/client_tokens");
export const isPoll = ({ method, path, authorization }: ReceivedRequest) =>
  method === "GET" && authorization === "client" && path.includes("/customers/");
