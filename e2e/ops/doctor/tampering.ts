/** A server in front of the mock Ringside that spoils some of what passes: an account that differs, a bad proxy. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Listening, listen } from "./deployment.ts";

export interface Passing {
  /** e.g. `POST /v1/client_tokens`. */
  route: string;
  /** The request's JSON, if it has one. Changes are passed on. */
  sent: Record<string, unknown> | null;
  origin: string | null;
}

export interface Tampering {
  /** Changes what is sent, or answers in Ringside's place. */
  before?(passing: Passing): Response | undefined;
  /** Answers something else than Ringside did. */
  after?(passing: Passing, answer: Response): Response | Promise<Response>;
}

export const startTampering = (ringsideUrl: string, tampering: Tampering): Promise<Listening> =>
  listen((incoming, outgoing) => {
    pass(ringsideUrl, tampering, incoming)
      .then((response) => send(response, outgoing))
      .catch(() => outgoing.destroy());
  });

async function pass(
  ringsideUrl: string,
  { before, after }: Tampering,
  incoming: IncomingMessage,
): Promise<Response> {
  let body = "";
  for await (const chunk of incoming) body += chunk;
  const { host: _host, connection: _connection, "content-length": _length, ...headers } = incoming.headers;
  const passing: Passing = {
    route: `${incoming.method} ${incoming.url?.replace(/\?.*/, "")}`,
    sent: body ? JSON.parse(body) : null,
    origin: headers.origin ?? null,
  };
  const answered = before?.(passing);
  if (answered) return answered;
  const response = await fetch(ringsideUrl + incoming.url, {
    method: incoming.method ?? "GET",
    headers: headers as Record<string, string>,
    body: passing.sent && JSON.stringify(passing.sent),
  });
  return after ? after(passing, response) : response;
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const {
    "content-encoding": _encoding,
    "content-length": _length,
    ...headers
  } = Object.fromEntries(response.headers);
  outgoing.writeHead(response.status, headers);
  outgoing.end(await response.text());
}
