/** The received requests: what each is about and whose Customer it concerns, for the faults and for the log. */
import * as z from "zod/mini";
import { type Received, ReceivedLog } from "#mocks/control.ts";
import { clientToken, type TokenIssuer } from "./auth.ts";
import type { Account, CustomerStore } from "./customers.ts";
import { isPreflight } from "./http.ts";

export const callKinds = ["customer", "usage", "mint", "create", "lookup"] as const;
/** `customer`: a Customer row read with a Client Token; `lookup`: read with the key. `other`: none of these. */
export type CallKind = (typeof callKinds)[number] | "other";
export type Scheme = "bearer" | "client" | "none" | "other";

export interface Call {
  kind: CallKind;
  preflight: boolean;
  scheme: Scheme;
  tokenId: string | null;
  /** The Customer that the request concerns; either name may be unknown, as at a first visit. */
  customerId: string | null;
  externalId: string | null;
  account: Account | undefined;
  /** Parsed JSON; null when there is none. */
  body: unknown;
}

export async function readCall(
  request: Request,
  { customers, tokens }: { customers: CustomerStore; tokens: TokenIssuer },
): Promise<Call> {
  const url = new URL(request.url);
  const body: unknown = await request
    .clone()
    .json()
    .catch(() => null);
  const preflight = isPreflight(request);
  const scheme = schemeOf(request);
  const token = tokens.peek(clientToken(request) ?? "");
  const named = token
    ? { customerId: token.customer, externalId: null }
    : (namedInPath(url) ?? namedElsewhere(request, url, body));
  const account =
    customers.byId(named.customerId ?? "") ??
    (named.externalId === null ? undefined : customers.byExternalId(named.externalId));
  return {
    kind: kindOf(
      (preflight && request.headers.get("access-control-request-method")) || request.method,
      url.pathname,
      // Only a browser sends preflights, and it has nothing but Client Tokens.
      preflight ? "client" : scheme,
    ),
    preflight,
    scheme,
    tokenId: token?.jti ?? null,
    customerId: account?.id ?? named.customerId,
    externalId:
      account?.externalId ?? named.externalId ?? customers.externalIdOf(named.customerId ?? "") ?? null,
    account,
    body,
  };
}

function kindOf(method: string, path: string, scheme: Scheme): CallKind {
  if (/^\/v1\/(client_tokens|customers\/[^/]+\/client_tokens)$/.test(path)) return "mint";
  if (/^\/v1\/(usage|customers\/[^/]+\/usage)$/.test(path)) return "usage";
  if (path === "/v1/customers") return method === "POST" ? "create" : "lookup";
  if (/^\/v1\/customers\/[^/]+$/.test(path)) return scheme === "client" ? "customer" : "lookup";
  return "other";
}

function schemeOf(request: Request): Scheme {
  const header = request.headers.get("authorization");
  if (!header) return "none";
  return header.startsWith("Bearer ") ? "bearer" : header.startsWith("Client ") ? "client" : "other";
}

interface Named {
  customerId: string | null;
  externalId: string | null;
}

function namedInPath(url: URL): Named | null {
  const segment = /^\/v1\/customers\/([^/]+)/.exec(url.pathname)?.[1];
  return segment === undefined ? null : named(decodeURIComponent(segment));
}

const naming = z.object({
  customer: z.catch(z.optional(z.string()), undefined),
  external_id: z.catch(z.optional(z.string()), undefined),
  user: z.catch(z.optional(z.string()), undefined),
});

function namedElsewhere(request: Request, url: URL, body: unknown): Named {
  const fields = naming.safeParse(body).data;
  const externalId = fields?.external_id ?? url.searchParams.get("external_id");
  if (externalId) return { customerId: null, externalId };
  const ref = fields?.customer ?? url.searchParams.get("customer_id") ?? request.headers.get("fc-customer");
  return named(ref ?? fields?.user ?? "");
}

function named(ref: string): Named {
  if (ref.startsWith("ext:")) return { customerId: null, externalId: ref.slice(4) };
  if (ref.startsWith("cus_")) return { customerId: ref, externalId: null };
  return { customerId: null, externalId: ref || null };
}

/** How control calls name a Customer: `cus_…`, `ext:<percent-encoded external_id>`, or `*` for all. */
export interface CustomerRef {
  all: boolean;
  id: string | null;
  /** Both readings of the text after `ext:`, since a URL may have decoded it once already. */
  externalIds: string[];
}

export function parseRef(text: string): CustomerRef {
  if (text === "*") return { all: true, id: null, externalIds: [] };
  if (!text.startsWith("ext:")) return { all: false, id: text, externalIds: [] };
  const raw = text.slice(4);
  return { all: false, id: null, externalIds: [raw, decoded(raw)] };
}

export function accountOf({ id, externalIds }: CustomerRef, customers: CustomerStore): Account | undefined {
  if (id !== null) return customers.byId(id);
  return externalIds.map((externalId) => customers.byExternalId(externalId)).find(Boolean);
}

/** Whether the reference names the Customer with this id or external_id; either may be unknown. */
export function matchesCustomer(
  ref: CustomerRef,
  customer: { customerId: string | null; externalId: string | null },
): boolean {
  if (ref.all) return true;
  return (
    (ref.id !== null && ref.id === customer.customerId) ||
    (customer.externalId !== null && ref.externalIds.includes(customer.externalId))
  );
}

export const sameCustomer = (a: CustomerRef, b: CustomerRef): boolean =>
  (a.id !== null && a.id === b.id) || a.externalIds.some((externalId) => b.externalIds.includes(externalId));

/** By id and external_id: the first look-up of a new Customer has its external_id only. */
export function withBothIds(ref: CustomerRef, customers: CustomerStore): CustomerRef {
  const account = accountOf(ref, customers);
  return account ? { all: false, id: account.id, externalIds: [account.externalId] } : ref;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** One line of the log. Neither the API key nor a JWT is ever in it. */
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
        matchesCustomer(customer, { customerId: entry.customer, externalId: entry.external_id }),
    );
  }
}
