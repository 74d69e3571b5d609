/** Answers what Node's parser gives up on, before Express sees a request: the same security headers, and no body. */
import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";

const STATUS: Record<string, number> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};

/** A listener for `clientError`. Without one, Node answers with a status line and `Connection: close` alone. */
export function rejectUnreadable(origin: URL) {
  const headers = [
    "Connection: close",
    "Content-Length: 0",
    "Cache-Control: no-store",
    "Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy: same-origin",
    "Cross-Origin-Resource-Policy: same-origin",
    "Referrer-Policy: same-origin",
    "X-Content-Type-Options: nosniff",
    "X-Frame-Options: DENY",
    ...(origin.protocol === "https:"
      ? ["Strict-Transport-Security: max-age=31536000; includeSubDomains"]
      : []),
  ].join("\r\n");
  return (error: NodeJS.ErrnoException, socket: Socket & { _httpMessage?: ServerResponse | null }): void => {
    // A second status line inside a response that has begun would be read as a part of it. Only this field of Node's
    // says whether one has.
    if (socket.writable && !socket._httpMessage?.headersSent) {
      const status = STATUS[error.code ?? ""] ?? 400;
      socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers}\r\n\r\n`);
    }
    // Node's default does the same: a client that goes on sending must not keep the socket.
    socket.destroy(error);
  };
}
