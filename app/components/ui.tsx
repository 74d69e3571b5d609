import { Link } from "@remix-run/react";
import type { ReactNode } from "react";
import { WarnIcon } from "./icons.tsx";

/** How things look that one can press; the element (button, link, summary) is the caller's choice. */
const base =
  "inline-flex min-h-8 cursor-pointer items-center justify-center gap-1.5 rounded-md px-3 font-medium transition-colors motion-reduce:transition-none";

export const button = {
  primary: `${base} bg-accent text-on-accent hover:bg-accent/90`,
  outline: `${base} border border-edge bg-surface text-ink hover:bg-sunken`,
  quiet: `${base} text-muted hover:bg-sunken hover:text-ink`,
} as const;

/** One subject on one surface. `labelledBy` is the id of its heading. */
export function Card({
  labelledBy,
  className = "",
  children,
}: {
  labelledBy: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section
      aria-labelledby={labelledBy}
      className={`rounded-lg border border-line bg-surface shadow-card ${className}`}
    >
      {children}
    </section>
  );
}

export function CardHeading({ id, children }: { id: string; children: ReactNode }) {
  return (
    <h2 id={id} className="font-semibold text-[0.9375rem] tracking-[-0.01em]">
      {children}
    </h2>
  );
}

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

/** A choice of one among few, as links: it works without scripts, and the choice is in the URL. */
export function Segmented({
  label,
  options,
}: {
  label: string;
  options: { label: string; search: string; current: boolean }[];
}) {
  return (
    <nav aria-label={label} className="inline-flex rounded-md bg-sunken p-0.5 print:hidden">
      {options.map((option) => (
        <Link
          key={option.label}
          to={{ search: option.search }}
          replace
          // This very page needs no looking up, which would fail in a frame without storage.
          discover="none"
          aria-current={option.current ? "true" : undefined}
          className="inline-flex min-h-7 items-center rounded-sm px-2.5 font-medium text-[0.8125rem] text-muted transition-colors hover:text-ink aria-[current]:bg-raised aria-[current]:text-ink aria-[current]:shadow-raised motion-reduce:transition-none chosen"
        >
          {option.label}
        </Link>
      ))}
    </nav>
  );
}

/**
 * The product's mark and name; a logo from the configuration takes the mark's place. A long name is broken
 * anywhere: cut off with dots it would still be as wide as it is for a grid around it, and widen the page.
 */
export function Brand({ productName, logoUrl }: { productName: string; logoUrl: string | null }) {
  return (
    <span className="inline-flex min-w-0 items-center gap-2.5 font-semibold tracking-[-0.01em]">
      {logoUrl ? (
        <img src={logoUrl} alt="" className="h-6 w-auto max-w-32 shrink-0 object-contain" height={24} />
      ) : (
        <svg aria-hidden="true" viewBox="0 0 32 32" className="size-6 shrink-0">
          <rect width="32" height="32" rx="8" className="fill-accent" />
          <path
            d="M8 22v-5m5.3 5V12m5.4 10v-7M24 22V9"
            className="fill-none stroke-on-accent"
            strokeWidth="3"
            strokeLinecap="round"
          />
        </svg>
      )}
      <bdi className="wrap-anywhere">{productName}</bdi>
    </span>
  );
}
