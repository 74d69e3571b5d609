import { useEffect, useState } from "react";
import { CheckIcon, CopyIcon } from "./icons.tsx";
import { text } from "./text.ts";
import { button, Card, CardHeading } from "./ui.tsx";

/** Shown until the first request is counted: how to attribute a request to this user. */
export function FirstCall({ customerId, ringsideUrl }: { customerId: string; ringsideUrl: string }) {
  const header = `FC-Customer: ${customerId}`;
  const call = exampleCall(ringsideUrl, header);
  return (
    <Card labelledBy="first-call" className="p-4 sm:p-6">
      <CardHeading id="first-call">{text.firstCall.heading}</CardHeading>
      <p className="mt-1 text-muted">{text.firstCall.lead}</p>
      <Copyable value={header} label={text.firstCall.copyHeader} />
      <p className="mt-6 text-muted">{text.firstCall.example}</p>
      <Copyable value={call} label={text.firstCall.copyCall} />
      <p className="mt-4 text-muted">{text.firstCall.hint}</p>
    </Card>
  );
}

function Copyable({ value, label }: { value: string; label: string }) {
  return (
    <div className="mt-2 flex items-start gap-2 rounded-md bg-sunken p-2 pl-4">
      {/* Focusable, because a box that scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above (axe: scrollable-region-focusable) */}
      <pre tabIndex={0} className="min-w-0 flex-1 overflow-x-auto py-1.5 font-mono text-[0.8125rem]">
        <code>{value}</code>
      </pre>
      <CopyButton value={value} label={label} />
    </div>
  );
}

/** Single quotes around values from the server, so that an id cannot become a shell command. */
function exampleCall(ringsideUrl: string, header: string): string {
  const quoted = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;
  return [
    `curl ${quoted(`${ringsideUrl.replace(/\/$/, "")}/chat/completions`)} \\`,
    `  -H "Authorization: Bearer $API_KEY" \\`,
    `  -H ${quoted(header)} \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"model": "fc:YOUR_MODEL", "messages": [{"role": "user", "content": "Hello"}]}'`,
  ].join("\n");
}

/** Copies `value`; `label` names it for screen readers. */
function CopyButton({ value, label }: { value: string; label: string }) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      // Denied by a permission: the text beside the button can still be selected.
      () => setCopied(false),
    );

  return (
    <button type="button" onClick={copy} aria-label={label} className={`needs-scripts ${button.outline}`}>
      {copied ? <CheckIcon className="text-good" /> : <CopyIcon />}
      <span aria-live="polite" className="max-sm:sr-only">
        {copied ? text.firstCall.copied : text.firstCall.copy}
      </span>
    </button>
  );
}
