import { Link } from "@remix-run/react";

/** A choice of one among few, as links: it works without scripts, and the choice is in the URL. */
export function Segmented({
  label,
  options,
}: {
  label: string;
  options: { label: string; search: string; current: boolean }[];
}) {
  return (
    <nav aria-label={label} className="inline-flex rounded-md bg-sunken p-0.5">
      {options.map((option) => (
        <Link
          key={option.label}
          to={{ search: option.search }}
          replace
          // This very page needs no looking up, which would fail in a frame without storage.
          discover="none"
          aria-current={option.current ? "true" : undefined}
          className="inline-flex min-h-7 items-center rounded-sm px-2.5 font-medium text-[0.8125rem] text-muted transition-colors hover:text-ink aria-[current]:bg-raised aria-[current]:text-ink aria-[current]:shadow-raised motion-reduce:transition-none"
        >
          {option.label}
        </Link>
      ))}
    </nav>
  );
}
