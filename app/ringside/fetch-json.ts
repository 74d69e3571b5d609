/** One request for JSON that always ends: bounded in time and in size, and never by an exception. */

/** Starts a timer; what it returns cancels it. */
export type After = (ms: number, run: () => void) => () => void;

/** What a request needs of its surroundings; injected, so that tests own the clock and the network. */
export interface Network {
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** Milliseconds since the epoch on the local clock, right or wrong. */
  now(): number;
  after: After;
}

/** An answer of any status (`body` is undefined when it is not JSON), or why there is none. */
export type JsonAnswer =
  | { kind: "answer"; status: number; headers: Headers; body: unknown }
  | { kind: "network" }
  | { kind: "timeout" }
  | { kind: "contract"; detail: string };

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1_000_000;

/** @param signal ends the request early; the answer is then `network`, and nobody should be waiting for it */
export async function fetchJson(
  network: Network,
  url: string,
  init: RequestInit,
  signal: AbortSignal,
): Promise<JsonAnswer> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  let timedOut = false;
  // Not AbortSignal.timeout: it cannot be cancelled and would outlive a page that is left.
  const cancelTimeout = network.after(TIMEOUT_MS, () => {
    timedOut = true;
    abort();
  });
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    const response = await network.fetch(url, { cache: "no-store", ...init, signal: controller.signal });
    const text = await boundedText(response);
    if (text === null) return { kind: "contract", detail: `an answer of more than ${MAX_BYTES} bytes` };
    return { kind: "answer", status: response.status, headers: response.headers, body: json(text) };
  } catch {
    return { kind: timedOut ? "timeout" : "network" };
  } finally {
    cancelTimeout();
    signal.removeEventListener("abort", abort);
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
export function retryAfterMs(headers: Headers, now: number): number | null {
  const value = headers.get("retry-after")?.trim();
  if (!value) return null;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  if (Number.isNaN(at)) return null;
  const sentAt = Date.parse(headers.get("date") ?? "");
  return Math.max(0, at - (Number.isNaN(sentAt) ? now : sentAt));
}
