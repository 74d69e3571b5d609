/**
 * Converts Node's requests to web requests, and web responses to Node's. Unlike Remix's own conversion it takes the
 * origin from the configuration instead of from headers that any client can write, bounds the body, and replaces headers
 * that an outer layer has set, where Remix's appends a second one. Decision 021 says why it is not a library's.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { writeReadableStreamToWritable } from "@remix-run/node";
import type { NextFunction } from "express";
import { type ProblemCode, problemFor } from "./problem.server.ts";

/** The largest body any page of ours sends is a form with a return path. */
const MAX_BODY_BYTES = 16_384;

/** Headers by which a client, or a proxy that passes everything on, could claim another host for this app. */
const HOST_CLAIMS = new Set([
  "host",
  "forwarded",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
]);

export interface WebHandlerOptions {
  handle(request: Request): Promise<Response>;
  /** The one public origin: every request is to it, whatever it says. */
  origin: URL;
}

/** Responds with 413 to a body over 16 KB, and with 400 to what is no request to this app. */
export function webHandler({ handle, origin }: WebHandlerOptions) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse, next: NextFunction): Promise<void> => {
    try {
      const body = await readBody(incoming);
      if (!body) return await sendProblem(incoming, outgoing, "body_too_large");
      const request = toRequest(incoming, outgoing, body, origin);
      if (!request) return await sendProblem(incoming, outgoing, "bad_request");
      await send(outgoing, await handle(request));
    } catch (error) {
      // A client that left half-way waits for no response.
      if (!outgoing.destroyed) next(error);
    }
  };
}

/** Null when it is none: a target such as `*` or `http://other.test/`, or a method that no fetch may use. */
function toRequest(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  body: Buffer<ArrayBuffer>,
  origin: URL,
): Request | null {
  const { method = "GET", url = "" } = incoming;
  if (!url.startsWith("/")) return null;
  const gone = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  try {
    // Joined as text: resolved against the origin, `//other.test/` would be a request to another host.
    return new Request(origin.origin + url, {
      method,
      headers: headersOf(incoming, origin),
      body: method === "GET" || method === "HEAD" || body.length === 0 ? null : body,
      signal: gone.signal,
    });
  } catch {
    return null;
  }
}

function headersOf(incoming: IncomingMessage, origin: URL): Headers {
  const headers = new Headers({ host: origin.host });
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value === undefined || HOST_CLAIMS.has(name)) continue;
    for (const each of Array.isArray(value) ? value : [value]) headers.append(name, each);
  }
  return headers;
}

/** Null when it is too large. Read to its end first: it fits into memory, and a handler never waits for a slow sender. */
function readBody(incoming: IncomingMessage): Promise<Buffer<ArrayBuffer> | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      // The rest is read and dropped, within requestTimeout: a client whose socket is closed while it sends loses our response.
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else resolve(null);
    });
    incoming.once("end", () => resolve(Buffer.concat(chunks)));
    incoming.once("error", reject);
  });
}

/** Responds with a problem outside of Remix. */
export async function sendProblem(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  code: ProblemCode,
): Promise<void> {
  const headers = new Headers({ accept: incoming.headers.accept ?? "" });
  await send(outgoing, problemFor({ headers }, code));
}

/** Writes a web Response; headers that were set before are replaced. */
export async function send(outgoing: ServerResponse, response: Response): Promise<void> {
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) {
    if (name === "set-cookie") outgoing.appendHeader(name, value);
    else outgoing.setHeader(name, value);
  }
  if (!response.body) {
    outgoing.end();
    return;
  }
  await writeReadableStreamToWritable(response.body, outgoing);
}
