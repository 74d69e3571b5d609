import type { ReactNode } from "react";

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
