/** A path without its percent-encoding; null for what cannot be decoded, e.g. `/%zz`. */
export function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}
