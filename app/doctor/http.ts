import { isIP } from "node:net";
import { connect } from "node:tls";

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

/** No answer arrived. The message completes "it …". */
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

/** The words for what Node knows by a code. */
const reasonFor = (code: string): string => REASONS[code] ?? `fails with ${code}`;

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return "fails";
  if (error.name === "TimeoutError") return `does not answer within ${timeoutMs / 1000} s`;
  const { code } = (error.cause ?? error) as { code?: unknown };
  if (typeof code !== "string") return "fails without saying why";
  return /SSL|EPROTO|TLS_ALERT/.test(code) && !REASONS[code] ? "does not speak TLS there" : reasonFor(code);
}

/** A server's certificate as browsers would judge it, seen before anything is asked over it. */

export interface Certificate {
  /** Why browsers refuse it, completing "it …"; null when they take it. */
  fault: string | null;
  validTo: Date;
}

/** @throws Unreachable */
export function certificateOf({ hostname, port }: URL, timeoutMs: number): Promise<Certificate> {
  // URLs write IPv6 addresses in brackets, sockets do not.
  const host = hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      // A name is what certificates are for; TLS forbids to send an address in its place.
      ...(!isIP(host) && { servername: host }),
      // A bad certificate is what we have come for: nothing is sent over this connection.
      rejectUnauthorized: false,
    });
    const give = (reason: string) => {
      socket.destroy();
      reject(new Unreachable(reason));
    };
    socket.setTimeout(timeoutMs, () => give(`does not answer within ${timeoutMs / 1000} s`));
    socket.once("error", ({ code = "" }: NodeJS.ErrnoException) =>
      give(/SSL|EPROTO/.test(code) ? "does not speak TLS there" : reasonFor(code)),
    );
    socket.once("secureConnect", () => {
      const code = codeOf(socket.authorizationError);
      resolve({
        fault: code && reasonFor(code),
        validTo: new Date(socket.getPeerCertificate().valid_to),
      });
      socket.end();
    });
  });
}

/** Declared as an Error; for faults of the chain it is the bare code. */
function codeOf(error: unknown): string | null {
  if (!error) return null;
  return typeof error === "object" && "code" in error ? String(error.code) : String(error);
}
