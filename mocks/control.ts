/**
 * The shared part of the mocks' control APIs: the log of received requests, the armed faults, and reading a JSON body.
 * Tests read the log instead of inferring requests from outcomes, and arm faults instead of intercepting.
 */
import { HttpResponse, http } from "msw";
import type * as z from "zod";

/** `seq` grows by one per request, from 1; `at` is in milliseconds since the epoch, on the real clock. */
export type Received<Entry extends object> = Entry & { seq: number; at: number };

/** The received requests in order of arrival; the oldest are dropped beyond the cap. */
export class ReceivedLog<Entry extends object> {
  readonly #cap: number;
  #entries: Received<Entry>[] = [];
  #seq = 0;

  constructor(cap = 5_000) {
    this.#cap = cap;
  }

  /** Returns the stored entry itself, so that the status can be set once the response is known. */
  append(entry: Entry): Received<Entry> {
    this.#seq += 1;
    const received = { ...entry, seq: this.#seq, at: Date.now() };
    this.#entries.push(received);
    if (this.#entries.length > this.#cap) this.#entries.shift();
    return received;
  }

  /** Entries after `since` (a `seq`), oldest first. */
  query(since = 0, matches: (entry: Received<Entry>) => boolean = () => true): Received<Entry>[] {
    return this.#entries.filter((entry) => entry.seq > since && matches(entry));
  }

  /** Removes all entries; `seq` continues, so that a `since` that a test holds stays valid. */
  clear(): void {
    this.#entries = [];
  }
}

/** Armed faults. Each fires `times` times and is gone, or until removed when `times` is null. */
export class FaultBook<Fault extends { times: number | null }> {
  #faults: Fault[] = [];

  arm(fault: Fault): void {
    this.#faults.push({ ...fault });
  }

  /** Fires the oldest fault that matches and counts it; null when none does. */
  fire(matches: (fault: Fault) => boolean): Fault | null {
    const fault = this.#faults.find(matches);
    if (!fault) return null;
    if (fault.times !== null) {
      fault.times -= 1;
      if (fault.times <= 0) this.#faults = this.#faults.filter((other) => other !== fault);
    }
    return fault;
  }

  /** Whether a matching fault is armed; does not count as firing. */
  armed(matches: (fault: Fault) => boolean): boolean {
    return this.#faults.some(matches);
  }

  disarm(matches: (fault: Fault) => boolean = () => true): void {
    this.#faults = this.#faults.filter((fault) => !matches(fault));
  }
}

export const healthHandler = http.get("/__control/health", () => HttpResponse.json({ ok: true }));

/**
 * The JSON body of a control request. Throws the 400 that MSW then sends: a test that misspells a fault must fail
 * loudly, not run without it.
 */
export async function controlBody<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const body: unknown = await request.json().catch(() => undefined);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".") || "body"}: ${issue.message}`);
  throw HttpResponse.json({ error: { code: "invalid_control_request", issues } }, { status: 400 });
}
