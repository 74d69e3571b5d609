import type { ReactNode } from "react";

/** A page that has one thing to say. */
export function MessagePage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center px-4 py-12">
      <h1 className="font-semibold text-balance text-2xl tracking-[-0.02em]">{title}</h1>
      {children}
    </main>
  );
}
