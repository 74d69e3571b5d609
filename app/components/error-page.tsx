import { type ReactNode, useEffect } from "react";
import { text } from "./text.ts";
import { Brand, button } from "./ui.tsx";

/** For the root ErrorBoundary. Never shows an error's own message: it may contain what belongs in the log alone. */
export function ErrorPage({
  status,
  title,
  requestId,
  home = "/",
}: {
  status: number;
  title?: string;
  requestId?: string;
  home?: string;
}) {
  const missing = status === 404;
  return (
    <MessagePage title={title ?? (missing ? text.error[404] : text.error.other)}>
      <p className="mt-2 text-muted">{missing ? text.error.body404 : text.error.bodyOther}</p>
      <p className="mt-6">
        <a href={home} className={button.primary}>
          {text.error.home}
        </a>
      </p>
      <p className="mt-8 text-[0.8125rem] text-muted">{requestId && text.error.request(requestId)}</p>
    </MessagePage>
  );
}

/** The first figures could not be loaded. Retries automatically, with and without scripts. */
export function UnavailablePage({
  reason,
  retryHref = "/dashboard",
  productName,
}: {
  reason: string;
  retryHref?: string;
  productName?: string;
}) {
  useRetry(retryHref);
  const bodies: Record<string, string> = text.unavailable.body;
  return (
    <MessagePage productName={productName} title={text.unavailable.heading}>
      <noscript>
        <meta httpEquiv="refresh" content={`10;url=${retryHref}`} />
      </noscript>
      <p className="mt-2 text-muted">
        {Object.hasOwn(bodies, reason) ? bodies[reason] : text.unavailable.body.ringside_unavailable}
      </p>
      <p className="mt-2 flex items-center gap-2 text-muted">
        <span
          aria-hidden="true"
          className="size-2 shrink-0 animate-pulse rounded-full bg-warn-mark motion-reduce:animate-none"
        />
        {text.unavailable.retries}
      </p>
      <p className="mt-6">
        <a href={retryHref} className={button.primary}>
          {text.unavailable.retry}
        </a>
      </p>
    </MessagePage>
  );
}

/** A page with a single message. */
export function MessagePage({
  productName,
  title,
  children,
}: {
  productName?: string | undefined;
  title: string;
  children: ReactNode;
}) {
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center px-4 py-12">
      {productName && (
        <div className="mb-8">
          <Brand productName={productName} logoUrl={null} />
        </div>
      )}
      <h1 className="font-semibold text-balance text-2xl tracking-[-0.02em]">{title}</h1>
      {children}
    </main>
  );
}

const FIRST_DELAY_MS = 5_000;
const MAX_DELAY_MS = 60_000;

/**
 * Requests `href` until it succeeds, then loads it: 5 s, 10 s, 20 s … 60 s apart.
 * Requests it before leaving, so that this page is never replaced by the browser's own error page.
 */
function useRetry(href: string): void {
  useEffect(() => {
    const unmounted = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const wait = (ms: number) => {
      timer = setTimeout(async () => {
        const response = await fetch(href, { signal: unmounted.signal }).catch(() => null);
        if (unmounted.signal.aborted) return;
        if (response?.ok) window.location.assign(href);
        else wait(Math.min(ms * 2, MAX_DELAY_MS));
      }, ms);
    };
    wait(FIRST_DELAY_MS);
    return () => {
      unmounted.abort();
      clearTimeout(timer);
    };
  }, [href]);
}
