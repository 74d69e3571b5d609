/** Our mint and Ringside as a browser sees them: correct replies, unless a test injects a fault. */
import type { CustomerRow, UsageRow } from "#app/ringside/contract.ts";
import { type Clock, EPOCH } from "./clock.ts";

export type RequestKind = "mint" | "poll" | "daily";

export interface Received {
  readonly kind: RequestKind;
  /** Milliseconds since the start, on the clock that is always right. */
  readonly at: number;
  /** The token that the request carried, or that the mint issued. */
  token: string | null;
  status: number | "dropped" | "aborted" | "open";
  readonly url: string;
  readonly init: RequestInit;
}

/** How a request fails. `hang` ends only when the browser aborts it. */
export type Fault =
  | { status: number; code?: string; retryAfter?: string; body?: string; lateMs?: number }
  | "drop"
  | "hang";

/** A Response made of promises alone: real ones need ticks of the event loop, and a simulated day has 20,000. */
function respond(status: number, body: string, headers: Record<string, string> = {}): Response {
  const chunks = body ? [new TextEncoder().encode(body)] : [];
  const reader = {
    read: async () => ({ done: chunks.length === 0, value: chunks.shift() }),
    cancel: async () => {},
  };
  return { status, headers: new Headers(headers), body: { getReader: () => reader } } as unknown as Response;
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  respond(status, JSON.stringify(body), headers);

export class SimulatedServer {
  readonly received: Received[] = [];
  row: CustomerRow = { id: "cus_1", spend_usd_mtd: 1, request_count_mtd: 10, budgets: null };
  days: UsageRow[] = [{ date: "2026-11-23", spend_usd: 1, request_count: 10 }];
  /** The Customer of the browser's session; null when signed out. */
  session: string | null = "cus_1";
  ttlMs = 300_000;
  latencyMs = 50;
  /** Chooses the fault of each request; null for a correct reply. */
  fault: (kind: RequestKind, call: Received) => Fault | null = () => null;
  #minted = 0;
  readonly #expiry = new Map<string, number>();

  constructor(readonly clock: Clock) {}

  count(kind: RequestKind, from = 0): number {
    return this.received.filter((call) => call.kind === kind && call.at >= from).length;
  }

  spend(usd: number): void {
    this.row = {
      ...this.row,
      spend_usd_mtd: Number(this.row.spend_usd_mtd) + usd,
      request_count_mtd: Number(this.row.request_count_mtd) + 1,
    };
  }

  /** A long simulation measures the engine's memory, not this log's. */
  clearLog(): void {
    this.received.length = 0;
    for (const [token, expiry] of this.#expiry) if (expiry <= this.#now) this.#expiry.delete(token);
  }

  /** Invalidates every token issued so far. */
  expireTokens(): void {
    this.#expiry.clear();
  }

  readonly fetch = (url: string, init: RequestInit): Promise<Response> => {
    const kind: RequestKind = url.includes("mint") ? "mint" : url.includes("/usage") ? "daily" : "poll";
    const token = new Headers(init.headers).get("authorization")?.replace(/^Client /, "") ?? null;
    const call: Received = { kind, at: this.clock.elapsed, token, status: "open", url, init };
    this.received.push(call);
    const fault = this.fault(kind, call);
    return new Promise((resolve, reject) => {
      const end = (status: Received["status"], settle: () => void) => {
        if (call.status !== "open") return;
        call.status = status;
        settle();
      };
      const failed = () => reject(new TypeError("Failed to fetch"));
      init.signal?.addEventListener("abort", () => end("aborted", failed), { once: true });
      if (fault === "hang") return;
      const lateMs = (typeof fault === "object" && fault?.lateMs) || 0;
      this.clock.after(this.latencyMs + lateMs, () => {
        if (fault === "drop") return end("dropped", failed);
        const response = fault ? broken(fault) : this.#reply(call);
        end(response.status, () => resolve(response));
      });
    });
  };

  /** The server's own clock, which a jump of the browser's clock does not move. */
  get #now(): number {
    return EPOCH + this.clock.elapsed;
  }

  #reply(call: Received): Response {
    if (call.kind === "mint") return this.#mint(call);
    const expiry = this.#expiry.get(call.token ?? "");
    if (expiry === undefined || expiry <= this.#now)
      return json({ error: { code: "invalid_client_token" } }, 401);
    if (call.kind === "daily") return json(this.days);
    if (!call.url.endsWith(`/customers/${this.row.id}`)) return json({ error: { code: "not_found" } }, 404);
    return json(this.row);
  }

  #mint(call: Received): Response {
    const expected = (JSON.parse(String(call.init.body)) as { customer: string }).customer;
    if (this.session === null) return json({ code: "not_signed_in" }, 401);
    if (this.session !== expected) return json({ code: "session_changed" }, 409);
    const token = `token-${++this.#minted}`;
    call.token = token;
    this.#expiry.set(token, this.#now + this.ttlMs);
    const reply = { token, expires_at: Math.floor((this.#now + this.ttlMs) / 1000) };
    return json(reply, 200, { date: new Date(this.#now).toUTCString() });
  }
}

function broken({ status, code = "fault", retryAfter, body }: Exclude<Fault, string>): Response {
  const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter };
  return respond(status, body ?? JSON.stringify({ error: { code }, code }), headers);
}
