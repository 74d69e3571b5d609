import type { ReactNode } from "react";
import { Brand } from "./ui/brand.tsx";

/** A page that has one thing to say. */
export function MessagePage({
  productName,
  title,
  children,
}: {
  productName?: string | undefined;
  title: string;
  children: ReactNode;
}) {
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center px-4 py-12">
      {productName && (
        <div className="mb-8">
          <Brand productName={productName} logoUrl={null} />
        </div>
      )}
      <h1 className="font-semibold text-balance text-2xl tracking-[-0.02em]">{title}</h1>
      {children}
    </main>
  );
}
