/** Structural sharing: unchanged data keeps its identity, so that a comparison by reference finds what changed. */

/**
 * `next`, with each part of `previous` that is equal to it in its place; `previous` itself when all of it is equal.
 * For plain data: objects and arrays of values.
 */
export function reuseIfEqual<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next) || !isContainer(previous) || !isContainer(next)) return next;
  if (Array.isArray(previous) !== Array.isArray(next)) return next;
  const keys = Object.keys(next);
  const entries = keys.map((key) => [key, reuseIfEqual(previous[key], next[key])] as const);
  const equal =
    Object.keys(previous).length === keys.length &&
    entries.every(([key, value]) => Object.hasOwn(previous, key) && Object.is(previous[key], value));
  if (equal) return previous as T;
  return (Array.isArray(next) ? entries.map(([, value]) => value) : Object.fromEntries(entries)) as T;
}

const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
