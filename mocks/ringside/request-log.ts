/** The received requests, as the control API tells them. Neither the key nor a JWT is ever in it. */
import { type Received, ReceivedLog } from "#mocks/control.ts";
import type { Call, Scheme } from "./call.ts";
import { type CustomerRef, refersTo } from "./customer-ref.ts";

export interface RequestEntry {
  method: string;
  /** As it was sent: still percent-encoded. */
  path: string;
  query: Record<string, string>;
  origin: string | null;
  authorization: Scheme;
  /** `jti` of the Client Token. */
  token_id: string | null;
  customer: string | null;
  external_id: string | null;
  cookie: boolean;
  idempotency_key: string | null;
  body: unknown;
  /** Null while unanswered, 0 when the socket was dropped. */
  status: number | null;
}

export interface RequestFilter {
  since: number;
  customer: CustomerRef;
  pathPrefix: string;
  method: string | null;
}

export class RequestLog {
  readonly #log = new ReceivedLog<RequestEntry>();

  append(request: Request, call: Call): Received<RequestEntry> {
    const { pathname, searchParams } = new URL(request.url);
    return this.#log.append({
      method: request.method,
      path: pathname,
      query: Object.fromEntries(searchParams),
      origin: request.headers.get("origin"),
      authorization: call.scheme,
      token_id: call.tokenId,
      customer: call.customerId,
      external_id: call.externalId,
      cookie: request.headers.has("cookie"),
      idempotency_key: request.headers.get("idempotency-key"),
      body: call.body,
      status: null,
    });
  }

  query({ since, customer, pathPrefix, method }: RequestFilter): Received<RequestEntry>[] {
    return this.#log.query(
      since,
      (entry) =>
        entry.path.startsWith(pathPrefix) &&
        (method === null || entry.method === method.toUpperCase()) &&
        refersTo(customer, { customerId: entry.customer, externalId: entry.external_id }),
    );
  }
}
