import type { ReactNode } from "react";
import { WarnIcon } from "./icons.tsx";

const tones = {
  plain: "bg-sunken text-muted",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
} as const;

/** Something a person should know, and the button that helps when there is one. */
export function Notice({
  tone,
  title,
  children,
  action,
}: {
  tone: keyof typeof tones;
  title?: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div
      className={`flex flex-wrap items-center gap-x-6 gap-y-3 rounded-lg px-4 py-3 sm:px-5 ${tones[tone]}`}
    >
      <div className="flex min-w-0 flex-1 basis-72 gap-3">
        {tone !== "plain" && <WarnIcon className="mt-0.5" />}
        {/* It may name an origin, which has no spaces. */}
        <div className="wrap-anywhere min-w-0">
          {title && <p className="font-semibold">{title}</p>}
          {children && <div className="text-ink">{children}</div>}
        </div>
      </div>
      {action}
    </div>
  );
}
