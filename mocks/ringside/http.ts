/**
 * HTTP as Ringside does it: error bodies, JSON bodies, CORS and `Idempotency-Key`. Errors are thrown as Responses,
 * because MSW sends a thrown Response as it is.
 */
import { HttpResponse } from "msw";
import type * as z from "zod/mini";
import { errorBody } from "#app/ringside/contract.ts";
import { DAY_MS } from "./calendar.ts";

export function errorResponse(
  status: number,
  code: string,
  message: string,
  headers: HeadersInit = {},
): Response {
  return HttpResponse.json(errorBody(code, message), { status, headers });
}

export const notFound = () => errorResponse(404, "not_found", "No such resource.");

export const invalid = (message: string) => errorResponse(400, "invalid_request", message);

/** A JSON body that the schema accepts. @throws Response 400 invalid_request, naming the field */
export async function readBody<T extends z.ZodMiniType>(request: Request, schema: T): Promise<z.output<T>> {
  if (!/^application\/json\b/i.test(request.headers.get("content-type") ?? "")) {
    throw invalid("Content-Type must be application/json.");
  }
  const body: unknown = await request.json().catch(() => {
    throw invalid("The body is not JSON.");
  });
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join(".");
  throw invalid(path ? `The field ${path} is missing or invalid.` : "The body is invalid.");
}

/** Every origin may ask, because the token decides; no credentials, so a cookie has no effect. */
const PREFLIGHT_HEADERS = {
  "access-control-allow-methods": "GET, POST, OPTIONS",
  "access-control-allow-headers": "Authorization, Content-Type",
  "access-control-max-age": "600",
};

export const isPreflight = (request: Request) =>
  request.method === "OPTIONS" && request.headers.has("access-control-request-method");

/** @param allowed false answers as a server without CORS does */
export const preflight = (allowed: boolean) =>
  allowed
    ? new Response(null, { status: 204, headers: PREFLIGHT_HEADERS })
    : new Response(null, { status: 403 });

/**
 * On errors too: without it a page cannot tell an expired token from a network failure.
 * @param origin the request's; null when it was not sent by a browser
 */
export function allowCors(response: Response, origin: string | null): void {
  response.headers.append("vary", "Origin");
  if (origin === null) return;
  response.headers.set("access-control-allow-origin", origin);
  response.headers.set("access-control-expose-headers", "Retry-After");
}

interface StoredReply {
  status: number;
  body: object;
}

export class Idempotency {
  readonly #now: () => number;
  readonly #stored = new Map<string, { body: string; reply: StoredReply; at: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Runs `act` once per key and body; a repeat within a day gets the first reply, success or error, even if the
   * Customer has been deleted since. Synchronous, so that the second of two simultaneous requests is a repeat.
   */
  once(key: string | null, body: unknown, act: () => StoredReply): Response {
    if (key === null) return respond(act());
    const text = JSON.stringify(body);
    const first = this.#stored.get(key);
    if (first && this.#now() - first.at < DAY_MS) {
      return first.body === text
        ? respond(first.reply, { "idempotent-replayed": "true" })
        : errorResponse(409, "idempotency_key_reused", "This Idempotency-Key was used with another body.");
    }
    const reply = act();
    this.#stored.set(key, { body: text, reply, at: this.#now() });
    return respond(reply);
  }
}

const respond = ({ status, body }: StoredReply, headers: HeadersInit = {}) =>
  HttpResponse.json(body, { status, headers });
