/**
 * Outbound HTTP with limits, for the server and the browser. `fetch` itself has none: a small compressed answer
 * can become gigabytes, a slow one can last for ever, and a redirect can carry credentials to another host.
 */

export interface FetchLimits {
  /** From the first byte sent to the last byte of the body, so that a body which trickles in ends too. */
  timeoutMs: number;
  /** Counted after decompression. */
  maxBytes: number;
  /** The caller reads the redirect itself, e.g. to say where it leads; it is never followed. */
  returnRedirects?: boolean;
  /** Replaced by tests and by the live engine, which own the network and the clock. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Starts a timer; what it returns cancels it. */
  after?: (ms: number, run: () => void) => () => void;
}

export type FetchFault = "timeout" | "too_large" | "redirected";

export class FetchError extends Error {
  constructor(
    readonly code: FetchFault,
    message: string,
    /** Of a redirect. */
    readonly status?: number,
  ) {
    super(message);
    // openid-client recognises a timeout by this name.
    this.name = code === "timeout" ? "TimeoutError" : "FetchError";
  }
}

const startTimer = (ms: number, run: () => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/**
 * One request with its body, read to the end within the limits.
 * @throws FetchError, or whatever `fetch` throws, or the reason of the caller's signal
 */
export async function fetchBounded(
  url: string | URL,
  init: RequestInit,
  {
    timeoutMs,
    maxBytes,
    returnRedirects = false,
    fetch: send = (href, options) => fetch(href, options),
    after = startTimer,
  }: FetchLimits,
): Promise<{ response: Response; bytes: Uint8Array<ArrayBuffer> }> {
  const controller = new AbortController();
  const { signal } = controller;
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => {});
  const abortWithCaller = () => controller.abort(init.signal?.reason);
  // Not AbortSignal.timeout: it cannot be cancelled and outlives the request.
  const cancelTimer = after(timeoutMs, () =>
    controller.abort(new FetchError("timeout", `no complete answer within ${timeoutMs} ms`)),
  );
  init.signal?.addEventListener("abort", abortWithCaller, { once: true });
  if (init.signal?.aborted) abortWithCaller();
  try {
    // Don't follow redirects: the target host isn't configured, and credentials would go along.
    const sent = send(String(url), { ...init, redirect: "manual", signal });
    const response = await Promise.race([sent, aborted]);
    if (isRedirect(response) && !returnRedirects)
      throw new FetchError("redirected", "answered by a redirect", response.status);
    return { response, bytes: await readBody(response, maxBytes, aborted) };
  } catch (error) {
    // Frees the socket of an answer that is not read to its end.
    controller.abort(error);
    throw error;
  } finally {
    cancelTimer();
    init.signal?.removeEventListener("abort", abortWithCaller);
  }
}

/** Browsers hide a redirect that is not followed behind status 0. */
const isRedirect = ({ type, status }: Response) =>
  type === "opaqueredirect" || (status >= 300 && status < 400);

/** @param aborted rejects when reading must stop, also where the stream itself does not notice */
async function readBody(
  response: Response,
  maxBytes: number,
  aborted: Promise<never>,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (reader) {
    const { done, value } = await Promise.race([reader.read(), aborted]);
    if (done) break;
    size += value.byteLength;
    if (size > maxBytes) {
      // Not awaited: cancelling a decompressor can take as long as the attack.
      reader.cancel().catch(() => {});
      throw new FetchError("too_large", `more than ${maxBytes} bytes`);
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

const NO_BODY = [204, 205, 304];

/** A replacement for `fetch`, also as the custom fetch of jose and openid-client: the body is already in memory. */
export function boundedFetch(limits: FetchLimits) {
  return async (url: string | URL, init: RequestInit = {}): Promise<Response> => {
    const { response, bytes } = await fetchBounded(url, init, limits);
    const headers = new Headers(response.headers);
    // They describe the body as it was sent, and it is decompressed by now.
    for (const name of ["content-encoding", "content-length", "transfer-encoding"]) headers.delete(name);
    const { status, statusText } = response;
    return new Response(NO_BODY.includes(status) ? null : bytes, { status, statusText, headers });
  };
}

/** For discovery documents, key sets, token and profile answers. Callers may set a shorter time by their signal. */
export const providerFetch = /* @__PURE__ */ boundedFetch({ timeoutMs: 10_000, maxBytes: 524_288 });
