/** Faults on demand, per Customer, so that parallel tests do not disturb one another. */
import { HttpResponse } from "msw";
import * as z from "zod";
import { errorBody } from "#app/ringside/contract.ts";
import { FaultBook } from "#mocks/control.ts";
import type { CustomerStore } from "./customers.ts";
import { errorResponse } from "./http.ts";
import {
  type Call,
  type CustomerRef,
  callKinds,
  matchesCustomer,
  parseRef,
  sameCustomer,
} from "./requests.ts";

export const FAULT_NAMES = [
  "expire_now",
  "unauthorized_once",
  "unauthorized",
  "forbidden",
  "rate_limited",
  "server_error",
  "unavailable",
  "slow",
  "drop",
  "malformed",
  "wrong_shape",
  "cors_off",
  "expires_at_iso",
  "fold_case",
  "trim",
  "normalise",
  "truncate",
] as const;

/** `times` null: until removed. `expire_now` happens at once and is never armed. */
export const faultRequest = z
  .strictObject({
    customer: z.string().min(1),
    fault: z.enum(FAULT_NAMES),
    on: z.enum([...callKinds, "any"]).default("any"),
    times: z.number().int().positive().nullish(),
    retry_after: z.union([z.number(), z.string()]).optional(),
    delay_ms: z.number().nonnegative().default(1_000),
    body: z.unknown().optional(),
  })
  .transform((fault) => ({
    ...fault,
    times: fault.times === undefined && fault.fault === "unauthorized_once" ? 1 : (fault.times ?? null),
  }));
export type FaultRequest = z.output<typeof faultRequest>;

type Armed = FaultRequest & { ref: CustomerRef };

export class Faults {
  readonly #book = new FaultBook<Armed>();
  readonly #sleep: (ms: number) => Promise<void>;

  constructor(sleep: (ms: number) => Promise<void>) {
    this.#sleep = sleep;
  }

  arm(fault: FaultRequest): void {
    this.#book.arm({ ...fault, ref: parseRef(fault.customer) });
  }

  /** Removes the faults armed for this Customer; for `*` all of them. */
  disarm(ref: CustomerRef): void {
    this.#book.disarm((fault) => ref.all || sameCustomer(fault.ref, ref));
  }

  /** The response, delayed, replaced or altered by the armed faults. */
  async answer(call: Call, next: () => Promise<Response>, customers: CustomerStore): Promise<Response> {
    const slow = this.#fire(call, (fault) => fault.fault === "slow");
    if (slow) await this.#sleep(slow.delay_ms);
    const broken = this.#fire(call, ({ fault }) => replacements[fault] !== undefined);
    const replacement = broken && replacements[broken.fault]?.(broken, call);
    if (replacement) return replacement;
    const folding = this.#fire(call, ({ fault }) => foldings[fault] !== undefined);
    const fold = folding && foldings[folding.fault];
    if (fold) return answerFolded(fold, call, next, customers);
    const response = await next();
    const iso = call.kind === "mint" && response.ok && this.#fire(call, (f) => f.fault === "expires_at_iso");
    return iso ? withIsoExpiry(response) : response;
  }

  /** Whether CORS is off for this call; a preflight asks too. */
  corsOff(call: Call): boolean {
    return this.#fire(call, (fault) => fault.fault === "cors_off") !== null;
  }

  #fire(call: Call, wanted: (fault: Armed) => boolean): Armed | null {
    return this.#book.fire(
      (fault) => wanted(fault) && matchesCustomer(fault.ref, call) && concerns(fault, call),
    );
  }
}

/** Faults of the token itself: unless `on` names a call of the server, they affect requests with a Client Token. */
const tokenFaults = new Set<FaultRequest["fault"]>(["unauthorized_once", "unauthorized", "forbidden"]);

function concerns({ fault, on }: Armed, { kind, scheme }: Call): boolean {
  // Only the mint's response has this field.
  if (fault === "expires_at_iso") return kind === "mint";
  const browsers = on === "any" || on === "customer" || on === "usage";
  if (tokenFaults.has(fault) && browsers && scheme !== "client") return false;
  return on === "any" || on === kind;
}

const unauthorized = (_fault: Armed, { scheme }: Call) =>
  scheme === "client"
    ? errorResponse(401, "invalid_client_token", "The Client Token has expired or is not valid.")
    : errorResponse(401, "invalid_api_key", "The API key is missing or not valid.");

const failing = (status: number, code: string, defaultRetryAfter?: number) => (fault: Armed) => {
  const retryAfter = fault.retry_after ?? defaultRetryAfter;
  return HttpResponse.json(errorBody(code, "Armed by a test."), {
    status,
    headers: retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
  });
};

const replacements: Partial<Record<FaultRequest["fault"], (fault: Armed, call: Call) => Response>> = {
  unauthorized_once: unauthorized,
  unauthorized,
  forbidden: () => errorResponse(403, "origin_not_allowed", "The Client Token is locked to another origin."),
  rate_limited: failing(429, "rate_limited", 1),
  server_error: failing(500, "internal_error"),
  unavailable: failing(503, "unavailable"),
  drop: () => HttpResponse.error(),
  malformed: () =>
    new HttpResponse('{"id": "cus_', { status: 200, headers: { "content-type": "application/json" } }),
  wrong_shape: ({ body }) => HttpResponse.json(body ?? { unexpected: true }),
};

/** A Ringside that does not compare external_ids exactly: how it changes one before it compares and stores it. */
const foldings: Partial<Record<FaultRequest["fault"], (externalId: string) => string>> = {
  fold_case: (externalId) => externalId.toLowerCase(),
  trim: (externalId) => externalId.trim(),
  normalise: (externalId) => externalId.normalize("NFC"),
  truncate: (externalId) => externalId.slice(0, -1),
};

/** Finds, or refuses to create, the first Customer whose folded external_id is equal; rows contain it folded. */
async function answerFolded(
  fold: (externalId: string) => string,
  call: Call,
  next: () => Promise<Response>,
  customers: CustomerStore,
): Promise<Response> {
  const { externalId, kind } = call;
  const rows = kind === "lookup" || kind === "create";
  if (!rows || externalId === null || call.scheme !== "bearer") return next();
  const folded = fold(externalId);
  const same = customers.all().find((account) => fold(account.externalId) === folded);
  if (same && kind === "lookup") return HttpResponse.json({ ...same.row(), external_id: folded });
  if (same) return errorResponse(409, "external_id_taken", "A Customer with this external_id exists.");
  const response = await next();
  if (!response.ok) return response;
  return HttpResponse.json({ ...(await response.json()), external_id: folded }, { status: response.status });
}

async function withIsoExpiry(response: Response): Promise<Response> {
  const answer: { expires_at: number } = await response.json();
  const expiresAt = new Date(answer.expires_at * 1000).toISOString();
  return HttpResponse.json({ ...answer, expires_at: expiresAt }, { status: response.status });
}
