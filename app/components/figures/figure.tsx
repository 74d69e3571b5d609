import type { ReactNode } from "react";

/** One figure: what it is, how much, and what that means. The note keeps its line when it is empty. */
export function Figure({
  label,
  children,
  note,
  main = false,
}: {
  label: string;
  children: ReactNode;
  note: ReactNode;
  main?: boolean;
}) {
  return (
    <div className={`flex flex-col bg-surface p-5 sm:p-6 ${main ? "col-span-full lg:col-span-1" : ""}`}>
      <dt className="font-medium text-[0.8125rem] text-muted">{label}</dt>
      <dd
        className={`mt-1 whitespace-nowrap font-semibold tracking-[-0.025em] ${main ? "text-[2.5rem] leading-12" : "text-2xl leading-12"}`}
      >
        {children}
      </dd>
      <dd className="min-h-5 text-[0.8125rem] text-muted">{note}</dd>
    </div>
  );
}
