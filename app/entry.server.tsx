import { PassThrough } from "node:stream";
import { createReadableStreamFromReadable, type EntryContext } from "@remix-run/node";
import { RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { config } from "./config.server.ts";
import { contentSecurityPolicy, createNonce } from "./http/content-security-policy.server.ts";
import { NonceProvider } from "./http/nonce.tsx";
import { log } from "./log.server.ts";

// A faulty configuration stops the process here, before it has answered anybody.
config();

export const streamTimeout = 5_000;

export default async function handleRequest(
  request: Request,
  responseStatusCode: number,
  responseHeaders: Headers,
  remixContext: EntryContext,
): Promise<Response> {
  const nonce = createNonce();
  responseHeaders.set("content-type", "text/html; charset=utf-8");
  responseHeaders.set("content-security-policy", await contentSecurityPolicy(nonce));
  // Pages differ by user; a shared cache that kept one would show it to another.
  responseHeaders.set("cache-control", "no-store");

  // Bots and browsers without scripts read the document once, so they get it whole.
  const ready = isbot(request.headers.get("user-agent")) ? "onAllReady" : "onShellReady";
  return new Promise((resolve, reject) => {
    let shellSent = false;
    const { pipe, abort } = renderToPipeableStream(
      <NonceProvider value={nonce}>
        <RemixServer context={remixContext} url={request.url} nonce={nonce} abortDelay={streamTimeout} />
      </NonceProvider>,
      {
        nonce,
        [ready]() {
          shellSent = true;
          const body = new PassThrough();
          resolve(
            new Response(createReadableStreamFromReadable(body), {
              headers: responseHeaders,
              status: responseStatusCode,
            }),
          );
          pipe(body);
        },
        onShellError: reject,
        onError(error: unknown) {
          // Errors before the shell reach `onShellError`; a client that went away is no error.
          if (shellSent && !request.signal.aborted)
            log.error({ event: "render_failed", detail: error instanceof Error ? error.message : "unknown" });
        },
      },
    );
    setTimeout(abort, streamTimeout + 1_000).unref();
  });
}

/** Errors of loaders and actions: logged once, here, without URL or body. */
export function handleError(error: unknown, { request }: { request: Request }) {
  if (request.signal.aborted) return;
  log.error({
    event: "request_failed",
    method: request.method,
    path: new URL(request.url).pathname,
    detail: error instanceof Error ? error.message : "unknown",
    stack: error instanceof Error ? error.stack : undefined,
  });
}
