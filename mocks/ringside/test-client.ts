/** A mock Ringside and an HTTP client for it, for this folder's tests. */
import { onTestFinished } from "vitest";
import { type RingsideOptions, startRingside } from "./server.ts";

export const KEY = "sk_live_unit";
export const ORIGIN = "https://app.example";
/** The default time of the clocks: in the middle of a day and of a month. */
export const NOON = "2026-11-23T12:00:00Z";

interface Send {
  key?: string;
  token?: string;
  origin?: string | null;
  json?: unknown;
  headers?: Record<string, string>;
}

/** A response with its body parsed; the body is undefined when it is not JSON. */
export interface Reply {
  status: number;
  headers: Headers;
  body: ReturnType<typeof JSON.parse>;
}

/** A clock that the test moves. */
export function fakeClock(start: string) {
  let ms = Date.parse(start);
  return {
    now: () => ms,
    advance: (by: number) => {
      ms += by;
    },
  };
}

/** Starts a mock that is stopped at the end of the test. */
export async function ringside(options: Partial<RingsideOptions> = {}) {
  const running = await startRingside({ port: 0, apiKey: KEY, now: fakeClock(NOON).now, ...options });
  onTestFinished(() => running.close());

  async function send(
    method: string,
    path: string,
    { key, token, origin, json, headers }: Send,
  ): Promise<Reply> {
    const response = await fetch(running.url + path, {
      method,
      headers: {
        ...(key && { authorization: `Bearer ${key}` }),
        ...(token && { authorization: `Client ${token}` }),
        ...(origin && { origin }),
        ...(json !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) };
  }

  /** As the app's server: with the Bearer key. */
  const server = (method: string, path: string, json?: unknown, headers: Record<string, string> = {}) =>
    send(method, path, { key: KEY, json, headers });

  /** As a page: with a Client Token and an Origin. */
  const page = (path: string, token: string, origin: string | null = ORIGIN) =>
    send("GET", path, { token, origin });

  async function control(method: string, path: string, json?: unknown) {
    const answer = await send(method, `/__control${path}`, { json });
    if (answer.status !== 200)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** A Customer with a token that may read its row and its usage. */
  async function customerWithToken(seed: Record<string, unknown> = {}, ttl_seconds = 300) {
    const row = await control("POST", "/customers", { external_id: "u_1", ...seed });
    const id: string = row.id;
    const mint = async () => {
      const answer = await server("POST", "/v1/client_tokens", {
        customer: id,
        origin: ORIGIN,
        allowed_endpoints: [`/v1/customers/${id}`, "/v1/usage"],
        ttl_seconds,
      });
      return answer.body.token as string;
    };
    return { id, path: `/v1/customers/${id}`, token: await mint(), mint };
  }

  return { ...running, send, server, page, control, customerWithToken };
}

function parse(text: string): Reply["body"] {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a client decides by. */
export const statusAndCode = ({ status, body }: Reply) => [status, body?.error?.code];
