import type { ReactNode } from "react";

/** Where all four stand in one row, the lines are set for the large one, so that all share its baseline. */
const sizes = {
  large: { line: "text-[2.5rem] leading-11", rem: 2.5 },
  normal: { line: "text-2xl leading-9 lg:text-[2.5rem] lg:leading-11", rem: 1.5 },
} as const;

/** A character is some 0.6 em wide: in a box of 100 cqi, n of them fit at 160 / n cqi. */
const FITTING = 160;

/** One figure: what it is, how much, and what that means. The note keeps its line while it is empty. */
export function Figure({
  name,
  label,
  value,
  fine = "",
  after = "",
  note,
  size = "normal",
  className = "",
}: {
  /** For whoever reads the page by program: tests, and people who embed it. */
  name: "spend" | "requests" | "average" | "month_end";
  label: string;
  value: string;
  /** Digits after the value that matter less. */
  fine?: string;
  after?: string;
  note: ReactNode;
  size?: keyof typeof sizes;
  className?: string;
}) {
  const { line, rem } = sizes[size];
  const length = value.length + fine.length + after.length;
  return (
    <div className={`@container bg-surface p-4 sm:px-6 sm:py-5 ${className}`}>
      <dt className="font-medium text-[0.8125rem] text-muted">{label}</dt>
      <dd data-figure={name} className={`mt-1 whitespace-nowrap font-semibold tracking-[-0.025em] ${line}`}>
        {/* Billions become smaller instead of being cut off. */}
        <span className="leading-none" style={{ fontSize: `min(${rem}rem, ${FITTING / length}cqi)` }}>
          {value}
          {fine && <span className="text-[0.6em] text-muted">{fine}</span>}
          {after}
        </span>
      </dd>
      <dd className="mt-0.5 min-h-5 text-[0.8125rem] text-muted">{note}</dd>
    </div>
  );
}
