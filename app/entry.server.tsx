import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type { EntryContext } from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { NonceProvider, RequestIdProvider } from "#app/components/request-context.tsx";
import { config } from "./config/config.server.ts";
import { log, requestContext } from "./server/log.server.ts";
import { contentSecurityPolicy, createNonce, framedBy } from "./server/security-headers.server.ts";

// The Express app is a part of this build, so that both share one configuration, one log and one Redis. The dev server
// uses it without the rest (vite.config.ts).
export { createApp } from "./server/app.server.ts";
export { serve } from "./server/serve.server.ts";

// A faulty configuration stops the process here, before it answers any request.
config();

export const streamTimeout = 5_000;

/** No browser's is longer; the pattern that recognises bots is large. */
const MAX_USER_AGENT = 512;

export default async function handleRequest(
  request: Request,
  responseStatusCode: number,
  responseHeaders: Headers,
  remixContext: EntryContext,
): Promise<Response> {
  const nonce = createNonce();
  responseHeaders.set("content-type", "text/html; charset=utf-8");
  const ancestors = framedBy(new URL(request.url).pathname);
  responseHeaders.set("content-security-policy", contentSecurityPolicy(nonce, ancestors));
  // Pages differ by user; a shared cache that kept one would show it to another.
  // A CDN that rewrites scripts, addresses or comments in it would break hydration.
  responseHeaders.set("cache-control", "no-store, no-transform");

  // Bots and browsers without scripts read the document once, so they get it whole.
  const ready = isbot(request.headers.get("user-agent")?.slice(0, MAX_USER_AGENT))
    ? "onAllReady"
    : "onShellReady";
  return new Promise((resolve, reject) => {
    let shellSent = false;
    const { pipe, abort } = renderToPipeableStream(
      <NonceProvider value={nonce}>
        <RequestIdProvider value={requestContext()?.id}>
          <RemixServer context={remixContext} url={request.url} nonce={nonce} abortDelay={streamTimeout} />
        </RequestIdProvider>
      </NonceProvider>,
      {
        nonce,
        [ready]() {
          shellSent = true;
          const body = new PassThrough();
          // Whole: nothing of our pages comes later, and a process that dies between two pieces would leave half a
          // page in a browser.
          text(body).then(
            (html) =>
              resolve(
                new Response(withoutRocketLoader(html), {
                  headers: responseHeaders,
                  status: responseStatusCode,
                }),
              ),
            reject,
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

/** The data of a page that is reached from another one: as private as the page itself. */
export function handleDataRequest(response: Response): Response {
  response.headers.set("cache-control", "no-store");
  return response;
}

/** Errors of loaders and actions: logged once, here, without URL or body. */
export function handleError(error: unknown, { request }: { request: Request }) {
  // A client that left, and an address without a page, are no errors of ours; the access log has both.
  if (request.signal.aborted || (isRouteErrorResponse(error) && error.status < 500)) return;
  log.error({
    event: "request_failed",
    method: request.method,
    path: new URL(request.url).pathname,
    detail: error instanceof Error ? error.message : "unknown",
    stack: error instanceof Error ? error.stack : undefined,
  });
}

/**
 * Cloudflare's Rocket Loader changes the type of every script without this attribute. In the finished text, because
 * Remix does not pass attributes to all of its scripts; text from users is escaped, so each match is a real tag.
 */
const withoutRocketLoader = (html: string) => html.replaceAll("<script", '<script data-cfasync="false"');
