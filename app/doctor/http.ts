import { isIP } from "node:net";
import { connect } from "node:tls";
import { fetchBounded } from "#adapters/bounded-fetch.ts";
import { causeOf, type FailureCause } from "#adapters/describe-error.ts";

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
export class Unreachable extends Error {
  /** What to do about it. */
  readonly todo: string;
  constructor(
    message: string,
    { failure = "unknown", ...options }: ErrorOptions & { failure?: FailureCause } = {},
  ) {
    super(message, options);
    this.todo = ADVICE[failure];
  }
}

/** Redirects are not followed: where they lead is a finding. @throws Unreachable */
export type Ask = (url: string | URL, init?: RequestInit) => Promise<Reply>;

/** More than any page or answer that a check reads. */
const MAX_BYTES = 2_000_000;

export function createAsk(timeoutMs: number): Ask {
  return async (url, init = {}) => {
    const sentAt = Date.now();
    try {
      const { response, bytes } = await fetchBounded(
        url,
        { cache: "no-store", ...init },
        { timeoutMs, maxBytes: MAX_BYTES, returnRedirects: true },
      );
      const receivedAt = Date.now();
      const text = new TextDecoder().decode(bytes);
      return {
        status: response.status,
        headers: response.headers,
        body: json(text),
        text,
        sentAt,
        receivedAt,
      };
    } catch (error) {
      throw new Unreachable(reasonOf(error, timeoutMs), { cause: error, failure: causeOf(error) });
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

const REASONS: Record<FailureCause, string> = {
  name_not_found: "has a name that does not resolve",
  connection_refused: "refuses connections: nothing listens there",
  connection_reset: "breaks the connection",
  unreachable: "cannot be reached from this network",
  timeout: "does not answer",
  unknown_ca: "has a certificate of an authority that this machine does not know",
  certificate_expired: "has a certificate that has expired",
  certificate_not_yet_valid: "has a certificate that is not valid yet",
  hostname_mismatch: "has a certificate for another name",
  tls_failed: "does not speak TLS there",
  proxy_refused: "cannot be reached: the outbound proxy refuses the connection",
  redirected: "redirects elsewhere",
  too_large: "answers more than this app reads",
  unknown: "fails without saying why",
};

/** Where the code says more than the cause. */
const PRECISE: Record<string, string> = {
  EAI_AGAIN: "has a name that does not resolve at the moment",
  DEPTH_ZERO_SELF_SIGNED_CERT: "has a self-signed certificate",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "sends its certificate without the intermediate ones",
};

const NETWORK = "fix the address, or the network between this machine and it";
const ADVICE: Record<FailureCause, string> = {
  name_not_found: "fix the host name, or this machine's DNS",
  connection_refused: "fix the address and port, or start the server there",
  connection_reset: "look for a firewall or proxy that ends connections, and at the server's own log",
  unreachable: "fix the address, or the routes and firewall of this network",
  timeout: "look for a firewall that drops packets, or an outbound proxy that has to be used",
  unknown_ca:
    "for a private authority set NODE_EXTRA_CA_CERTS to a PEM file with its certificate; else have the server send its whole chain",
  certificate_expired: "renew the certificate there, and check this machine's clock",
  certificate_not_yet_valid: "check this machine's clock, and the certificate there",
  hostname_mismatch: "use the name that is in the certificate, or have one issued for this name",
  tls_failed: "use http:// where there is no TLS, or the port that has it",
  proxy_refused: "allow this host in the outbound proxy, or name it in NO_PROXY",
  redirected: "set the address that it leads to",
  too_large: "check that the address is the API's and not a website's",
  unknown: NETWORK,
};

/** The words for what Node knows by a code. */
const reasonFor = (error: unknown): string => PRECISE[codeOf(error) ?? ""] ?? REASONS[causeOf(error)];

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return "fails";
  if (error.name === "TimeoutError") return `does not answer within ${timeoutMs / 1000} s`;
  const inner = error.cause ?? error;
  const code = codeOf(inner);
  // A code that has no words of its own is at least one to search for.
  return causeOf(error) === "unknown" && code ? `fails with ${code}` : reasonFor(inner);
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
    const give = (reason: string, failure: FailureCause) => {
      socket.destroy();
      reject(new Unreachable(reason, { failure }));
    };
    socket.setTimeout(timeoutMs, () => give(`does not answer within ${timeoutMs / 1000} s`, "timeout"));
    socket.once("error", (error) => give(reasonFor(error), causeOf(error)));
    socket.once("secureConnect", () => {
      const code = codeOf(socket.authorizationError);
      resolve({
        fault: code && reasonFor({ code }),
        validTo: new Date(socket.getPeerCertificate().valid_to),
      });
      socket.end();
    });
  });
}

/** The symbolic code of an error; a TLS socket gives the bare code for faults of the chain. */
function codeOf(error: unknown): string | null {
  if (typeof error === "string") return error;
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}
