/**
 * From Node's request to the web's, and back. Remix brings a bridge of its own; this one takes the origin from the
 * configuration instead of from headers that anybody can write, bounds the body, and replaces headers that the
 * layers around it have set, where Remix's appends and leaves two.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { writeReadableStreamToWritable } from "@remix-run/node";
import type { NextFunction } from "express";
import { problem } from "./problem.server.ts";

/** The largest body any page of ours sends is a form with a return path. */
const MAX_BODY_BYTES = 16_384;

/** What a client, or a proxy that passes everything on, could use to say that we are somebody else. */
const CLAIMS = new Set(["host", "forwarded", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"]);

export interface WebHandlerOptions {
  handle(request: Request): Promise<Response>;
  /** The one public origin: every request is to it, whatever it says. */
  origin: URL;
}

/** Answers a body over 16 KB with 413, and what is no request to this app with 400. */
export function webHandler({ handle, origin }: WebHandlerOptions) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse, next: NextFunction): Promise<void> => {
    try {
      const body = await readBody(incoming);
      if (!body) return await send(outgoing, problem("body_too_large"));
      const request = toRequest(incoming, outgoing, body, origin);
      await send(outgoing, request ? await handle(request) : problem("bad_request"));
    } catch (error) {
      // A client that left half-way is nobody's fault, and nobody waits for an answer.
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
    if (value === undefined || CLAIMS.has(name)) continue;
    for (const each of Array.isArray(value) ? value : [value]) headers.append(name, each);
  }
  return headers;
}

/** Null when it is too large. Read to its end at once: everything we take fits into memory, and a handler never waits for a slow sender. */
function readBody(incoming: IncomingMessage): Promise<Buffer<ArrayBuffer> | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      // The rest is read and dropped, within requestTimeout: a socket closed under its sender loses our answer.
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else resolve(null);
    });
    incoming.once("end", () => resolve(Buffer.concat(chunks)));
    incoming.once("error", reject);
  });
}

/** Writes a web Response as the answer; headers that were set before are replaced. */
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
