/** A server's certificate as browsers would judge it, seen before anything is asked over it. */
import { isIP } from "node:net";
import { connect } from "node:tls";
import { reasonFor, Unreachable } from "./ask.ts";

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
