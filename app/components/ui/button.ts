/** How things look that one can press; the element (button, link, summary) is the caller's choice. */
const base =
  "inline-flex min-h-8 cursor-pointer items-center justify-center gap-1.5 rounded-md px-3 font-medium transition-colors motion-reduce:transition-none";

export const button = {
  primary: `${base} bg-accent text-on-accent hover:bg-accent/90`,
  outline: `${base} border border-edge bg-surface text-ink hover:bg-sunken`,
  quiet: `${base} text-muted hover:bg-sunken hover:text-ink`,
} as const;
