import { useEffect, useState } from "react";
import { text } from "../text.ts";
import { button } from "./button.ts";
import { CheckIcon, CopyIcon } from "./icons.tsx";

/** Copies `value`; `label` says what to those who cannot see what it stands beside. */
export function CopyButton({ value, label }: { value: string; label: string }) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      // Refused by a permission: the text beside the button can still be selected.
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
