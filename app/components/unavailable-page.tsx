import { MessagePage } from "./message-page.tsx";
import { text } from "./text.ts";
import { button } from "./ui/button.ts";
import { useRetry } from "./use-retry.ts";

/** The first figures could not be loaded. Tries again by itself, with and without scripts. */
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
        {Object.hasOwn(bodies, reason) ? bodies[reason] : text.unavailable.body.unavailable}
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
