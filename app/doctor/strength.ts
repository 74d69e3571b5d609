/** How well a secret resists guessing, as far as that can be seen from the secret alone. */

const PLACEHOLDER =
  /change.?me|replace.?(me|this|with)|your[-_ ]|example|placeholder|development-only|dummy|insert.?here|^(x+|\.+|…|todo|secret|password)$/i;

/** Whether it was copied from a manual, or is meant to be filled in. */
export const isPlaceholder = (value: string) => PLACEHOLDER.test(value) || /[…<>]/.test(value);

/**
 * Bits of entropy by how often each character occurs: generous, since it knows no words, so a low figure is
 * certain. 32 random bytes in base64 come to more than 180.
 */
export function estimatedBits(value: string): number {
  const characters = [...value];
  const counts = new Map<string, number>();
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / characters.length);
  return bits;
}

/** Lower-case words with separators, as people type them and generators do not; a UUID is not words. */
export const looksTyped = (value: string) =>
  /^[a-z0-9]+([-_ .][a-z0-9]+){2,}[!?.]*$/.test(value) && /[g-z]/.test(value);
