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
      <span className="wrap-anywhere">{productName}</span>
    </span>
  );
}
