import { MessagePage } from "./message-page.tsx";
import { text } from "./text.ts";
import { button } from "./ui/button.ts";

/** For the root ErrorBoundary. Never shows an error's own message: it may hold what only the log should see. */
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
      <p className="mt-8 text-[0.8125rem] text-muted">
        {text.error.status(status)}
        {requestId && ` · ${text.error.request(requestId)}`}
      </p>
    </MessagePage>
  );
}
