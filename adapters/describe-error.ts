/**
 * An error as a line for the log: its class, status and symbolic codes, never its message, body or cause. Those
 * of auth libraries hold what the provider wrote, and sometimes the whole token answer.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return [...new Set([error.constructor.name, ...symbolsOf(error), ...symbolsOf(error.cause)])].join(" ");
}

/** The text when it is a bare symbol such as `server_error`; authorization codes and tokens hold digits. */
export function symbol(value: unknown): string | null {
  return typeof value === "string" && /^[A-Za-z][A-Za-z_]{2,40}$/.test(value) ? value : null;
}

function symbolsOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const { status, code, error } = value as { status?: unknown; code?: unknown; error?: unknown };
  const symbols = [symbol(code), symbol(error)].filter((text) => text !== null);
  return typeof status === "number" ? [String(status), ...symbols] : symbols;
}
