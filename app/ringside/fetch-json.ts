/** One request for JSON that always ends: bounded in time and in size, and never by an exception. */
import { errorCode } from "./contract.ts";

/** What a request needs of its surroundings; injected, so that tests own the clock and the network. */
export interface Network {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Milliseconds since the epoch on the local clock, right or wrong. */
  now(): number;
  /** Starts a timer; what it returns cancels it. */
  after(ms: number, run: () => void): () => void;
}

/**
 * Every way a request can end. None of them is an exception.
 * - `unauthorized`: 401, or a redirect, which is how a guarding proxy asks for a sign-in
 * - `forbidden`, `conflict`: 403, 409, with the body's error code
 * - `unavailable`: 5xx
 * - `network`: no answer at all, or the caller aborted
 * - `timeout`: not answered to the end within 10 s
 * - `contract`: anything that cannot be read as what was asked for, with what was wrong
 */
export type Answer<T> =
  | { kind: "ok"; value: T }
  | { kind: "unauthorized" | "not_found" | "network" | "timeout" }
  | { kind: "forbidden" | "conflict"; code: string | null }
  | { kind: "rate_limited" | "unavailable"; retryAfterMs: number | null }
  | { kind: "contract"; detail: string };

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1_000_000;

/** @param parse reads the body of a 2xx (undefined when it is not JSON); what it throws becomes `contract` */
export async function fetchJson<T>(
  network: Network,
  url: string,
  init: RequestInit & { signal: AbortSignal },
  parse: (body: unknown, headers: Headers) => T,
): Promise<Answer<T>> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  let timedOut = false;
  // Not AbortSignal.timeout: it cannot be cancelled and would outlive a page that is left.
  const cancelTimeout = network.after(TIMEOUT_MS, () => {
    timedOut = true;
    abort();
  });
  init.signal.addEventListener("abort", abort, { once: true });
  if (init.signal.aborted) abort();
  try {
    const response = await network.fetch(url, { cache: "no-store", ...init, signal: controller.signal });
    const text = await boundedText(response);
    if (text === null) return { kind: "contract", detail: `more than ${MAX_BYTES} bytes` };
    return classify(response, json(text), network.now(), parse);
  } catch {
    return { kind: timedOut ? "timeout" : "network" };
  } finally {
    cancelTimeout();
    init.signal.removeEventListener("abort", abort);
  }
}

function classify<T>(
  { status, headers }: Response,
  body: unknown,
  now: number,
  parse: (body: unknown, headers: Headers) => T,
): Answer<T> {
  if (status >= 200 && status < 300) return within(() => parse(body, headers));
  // Status 0 is what `redirect: "manual"` leaves of a redirect.
  if (status === 401 || status < 400) return { kind: "unauthorized" };
  if (status === 403) return { kind: "forbidden", code: errorCode(body) };
  if (status === 404) return { kind: "not_found" };
  if (status === 409) return { kind: "conflict", code: errorCode(body) };
  if (status === 429) return { kind: "rate_limited", retryAfterMs: retryAfterMs(headers, now) };
  if (status >= 500) return { kind: "unavailable", retryAfterMs: retryAfterMs(headers, now) };
  return { kind: "contract", detail: `status ${status}` };
}

/** Whatever a parser trips over, the loop that asked has to go on. */
function within<T>(parse: () => T): Answer<T> {
  try {
    return { kind: "ok", value: parse() };
  } catch (error) {
    return { kind: "contract", detail: error instanceof Error ? error.message : String(error) };
  }
}

/** The body as text; null when it is larger than any answer we know, which must not fill the tab's memory. */
async function boundedText(response: Response): Promise<string | null> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > MAX_BYTES) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * `Retry-After` in milliseconds from now, in either form: seconds, or an HTTP date, which is read against the
 * answer's own `Date` where the page may see it. Null when there is none that makes sense.
 */
function retryAfterMs(headers: Headers, now: number): number | null {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // Date.parse makes a year of "-5"; every HTTP date begins with the name of a day.
  if (!/^[a-z]/i.test(value)) return null;
  const sentAt = Date.parse(headers.get("date") ?? "");
  const ms = Date.parse(value) - (Number.isNaN(sentAt) ? now : sentAt);
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
