/** What a request is about, before anybody decides whether it is allowed: for the log and for the faults. */
import * as z from "zod/mini";
import type { Account } from "./account.ts";
import { clientToken } from "./auth.ts";
import { isPreflight } from "./cors.ts";
import type { Ledger } from "./ledger.ts";
import type { TokenIssuer } from "./tokens.ts";

export const callKinds = ["customer", "usage", "mint", "create", "lookup"] as const;
/** `customer`: a Customer row read with a Client Token; `lookup`: read with the key. `other`: none of these. */
export type CallKind = (typeof callKinds)[number] | "other";
export type Scheme = "bearer" | "client" | "none" | "other";

export interface Call {
  kind: CallKind;
  preflight: boolean;
  scheme: Scheme;
  tokenId: string | null;
  /** Whose it is; either may be unknown, as at a first visit. */
  customerId: string | null;
  externalId: string | null;
  account: Account | undefined;
  /** Parsed JSON; null when there is none. */
  body: unknown;
}

export async function readCall(
  request: Request,
  { ledger, tokens }: { ledger: Ledger; tokens: TokenIssuer },
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
    ledger.byId(named.customerId ?? "") ??
    (named.externalId === null ? undefined : ledger.byExternalId(named.externalId));
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
      account?.externalId ?? named.externalId ?? ledger.externalIdOf(named.customerId ?? "") ?? null,
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
