import { text } from "./text.ts";
import { Card, CardHeading } from "./ui/card.tsx";
import { CopyButton } from "./ui/copy-button.tsx";

/** Shown until the first call is counted: how a call becomes this person's. */
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

/** Single quotes around what the server chose, so that no id can end up as a shell command. */
function exampleCall(ringsideUrl: string, header: string): string {
  const quoted = (value: string) => `'${value.replaceAll("'", "'\\''")}'`;
  return [
    `curl ${quoted(`${ringsideUrl.replace(/\/$/, "")}/chat/completions`)} \\`,
    `  -H "Authorization: Bearer $RINGSIDE_API_KEY" \\`,
    `  -H ${quoted(header)} \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"model": "fc:YOUR_MODEL", "messages": [{"role": "user", "content": "Hello"}]}'`,
  ].join("\n");
}
