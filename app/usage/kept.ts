/** `next`, or `previous` if it says the same: what did not change keeps its identity, all the way up to React. */
export const kept = <T>(previous: unknown, next: T): T =>
  Object.is(previous, next) || JSON.stringify(previous) !== JSON.stringify(next) ? next : (previous as T);
