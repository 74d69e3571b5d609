/** Variables that are set, read by nothing, and close to the name of one that is. */

/**
 * Longer names leave room for two slips. A short one has too many neighbours that belong to the platform: `HOSTS`,
 * `POST`, `MODE`.
 */
const slipsAllowed = (name: string) => (name.length < 6 ? 0 : name.length < 12 ? 1 : 2);

/** Prefixes that no other software has variables under, so that an unknown name is a slip however far it is off. */
const OURS_ALONE = ["RINGSIDE_", "CLIENT_TOKEN_", "POLL_INTERVAL_", "SIGN_INS_", "EXTERNAL_ID_", "EMBED_"];

/** GitHub's own build machines and development containers set dozens of these. */
const PLATFORMS = ["GITHUB_"];

/**
 * The names in an environment that look like slips of known ones, each with the one that is probably meant.
 * @param known every name that means something, to this app or beside it
 * @param own what the enabled adapters' variables begin with
 */
export function misspeltNames(
  env: Readonly<Record<string, string | undefined>>,
  known: ReadonlySet<string>,
  own: readonly string[],
): { name: string; meant: string }[] {
  const prefixes = [...OURS_ALONE, ...own].filter((prefix) => !PLATFORMS.includes(prefix));
  return Object.keys(env).flatMap((name) => {
    if (env[name] === undefined || known.has(name)) return [];
    const [nearest] = [...known]
      .map((candidate) => ({ candidate, slips: distance(name.toUpperCase(), candidate) }))
      .sort((one, other) => one.slips - other.slips);
    if (!nearest) return [];
    const ours = prefixes.some((prefix) => name.startsWith(prefix));
    return ours || nearest.slips <= slipsAllowed(name) ? [{ name, meant: nearest.candidate }] : [];
  });
}

/** Letters to add, remove, replace or swap with their neighbour. */
function distance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[other.length] ?? 0;
}
