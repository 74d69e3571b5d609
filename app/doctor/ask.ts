/** HTTP as the doctor needs it: everything about the answer, and a plain reason when there is none. */

export interface Reply {
  status: number;
  headers: Headers;
  /** The body as JSON; undefined when it is not. */
  body: unknown;
  text: string;
  /** Local clock in milliseconds, before asking and once the head of the answer was there. */
  sentAt: number;
  receivedAt: number;
}

/** Nobody answered. The message completes "it …". */
export class Unreachable extends Error {}

/** Redirects are not followed: where they lead is a finding. @throws Unreachable */
export type Ask = (url: string | URL, init?: RequestInit) => Promise<Reply>;

export function createAsk(timeoutMs: number): Ask {
  return async (url, init = {}) => {
    const sentAt = Date.now();
    try {
      const response = await fetch(url, {
        redirect: "manual",
        cache: "no-store",
        ...init,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const receivedAt = Date.now();
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: json(text),
        text,
        sentAt,
        receivedAt,
      };
    } catch (error) {
      throw new Unreachable(reasonOf(error, timeoutMs), { cause: error });
    }
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const REASONS: Record<string, string> = {
  ENOTFOUND: "has a name that does not resolve",
  EAI_AGAIN: "has a name that does not resolve at the moment",
  ECONNREFUSED: "refuses connections: nothing listens there",
  ECONNRESET: "breaks the connection",
  EPIPE: "breaks the connection",
  UND_ERR_SOCKET: "breaks the connection",
  EHOSTUNREACH: "cannot be reached from this network",
  ENETUNREACH: "cannot be reached from this network",
  ETIMEDOUT: "does not answer",
  UND_ERR_CONNECT_TIMEOUT: "does not answer",
  CERT_HAS_EXPIRED: "has a certificate that has expired",
  CERT_NOT_YET_VALID: "has a certificate that is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "has a self-signed certificate",
  SELF_SIGNED_CERT_IN_CHAIN: "has a certificate of an authority that this machine does not know",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "has a certificate of an authority that this machine does not know",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "sends its certificate without the intermediate ones",
  ERR_TLS_CERT_ALTNAME_INVALID: "has a certificate for another name",
};

/** The words for what Node knows by a code; shared with the bare TLS connection of certificate.ts. */
export const reasonFor = (code: string): string => REASONS[code] ?? `fails with ${code}`;

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return "fails";
  if (error.name === "TimeoutError") return `does not answer within ${timeoutMs / 1000} s`;
  const { code } = (error.cause ?? error) as { code?: unknown };
  if (typeof code !== "string") return "fails without saying why";
  return /SSL|EPROTO|TLS_ALERT/.test(code) && !REASONS[code] ? "does not speak TLS there" : reasonFor(code);
}
