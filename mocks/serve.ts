/**
 * Serves MSW handlers over real HTTP. Nothing is intercepted inside the browsers and servers under test, so they send
 * what they would send to the real service: preflights, cookies, redirects and broken sockets.
 *
 * Only `http`, `HttpResponse` and `getResponse` of MSW are used, which its versions 2 and 3 share.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getResponse, type RequestHandler } from "msw";

/** Middleware for all requests except those to the control API: to log, to inject faults, to add headers. */
export type Around = (request: Request, next: () => Promise<Response>) => Promise<Response>;

export interface ServeOptions {
  /** 0 takes a free port. */
  port: number;
  host?: string;
  /** Handlers of the mock's own control API, below `/__control`; they bypass `around`. */
  control?: RequestHandler[];
  around?: Around;
  /** For a mock that is a Node server of its own: it answers in place of the handlers, all but the control API. */
  app?: RequestListener;
}

export interface Served {
  /** `http://host:port`, without a trailing slash. */
  url: string;
  port: number;
  /** Stops listening and ends every socket, idle or busy. */
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 1_048_576;

/**
 * Handler paths are relative (`/v1/usage`). `Response.error()` destroys the socket; no match answers 404, a body
 * over 1 MB 413, a request that cannot be read 400, a handler that throws 500.
 */
export async function serve(handlers: RequestHandler[], options: ServeOptions): Promise<Served> {
  const { port, host = "127.0.0.1", control = [], around = (_request, next) => next(), app } = options;
  const server = createServer((incoming, outgoing) => {
    if (app && !incoming.url?.startsWith("/__control/")) return app(incoming, outgoing);
    return answer(incoming)
      .catch((error: unknown) => {
        console.error(error);
        return new Response("the mock failed, see its output", { status: 500 });
      })
      .then((response) => send(response, outgoing));
  });
  // Node's 5 s is also our polling interval: sockets would be closed in the moment of their next use.
  server.keepAliveTimeout = 65_000;
  server.listen(port, host);
  await once(server, "listening").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE") throw error;
    throw new Error(
      `Port ${port} is in use (EADDRINUSE): stop what listens there (another demo?), or move the mocks (MOCKS_PORT; E2E_PORT for tests).`,
    );
  });
  const address = server.address() as AddressInfo;
  const url = `http://${host}:${address.port}`;

  async function answer(incoming: IncomingMessage): Promise<Response> {
    const request = await read(incoming, url);
    if (request instanceof Response) return request;
    const match = async (from: RequestHandler[]) =>
      (await getResponse(from, request, { baseUrl: url })) ?? new Response("no such route", { status: 404 });
    const { pathname } = new URL(request.url);
    return pathname.startsWith("/__control/") ? match(control) : around(request, () => match(handlers));
  }

  return {
    url,
    port: address.port,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The request as the handlers see it, or the error response to one that cannot be read. */
async function read(incoming: IncomingMessage, base: string): Promise<Request | Response> {
  const body = await readBody(incoming);
  if (body instanceof Response) return body;
  try {
    const request = new Request(`${base}${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers: Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
        values.map((value): [string, string] => [name, value]),
      ),
      body: body.length > 0 ? body : null,
    });
    // The router decodes path segments and throws on `%zz`, which is the client's fault, not ours.
    decodeURIComponent(new URL(request.url).pathname);
    return request;
  } catch {
    return new Response("unreadable request", { status: 400 });
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer<ArrayBuffer> | Response> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) return new Response("body too large", { status: 413 });
      chunks.push(chunk);
    }
  } catch {
    // The client disconnected before the end of the body, as an aborted fetch does: there is no connection to answer on.
    return Response.error();
  }
  return Buffer.concat(chunks);
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  if (response.type === "error") {
    outgoing.destroy();
    return;
  }
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
  outgoing.statusCode = response.status;
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
