/** Whether a secret resists guessing, as far as the secret alone shows it: for the boot and the doctor alike. */

const EXAMPLE =
  /change.?me|replace.?(me|this|with)|your[-_ ]|example|placeholder|development-only|dummy|insert.?here|^(x+|\.+|…|todo|secret|password)$/i;

/** Less can be found by trying. 32 random digits come to some 100, and never to so few that a good secret is refused. */
const ENOUGH_BITS = 64;

/** A clause after the secret's name; null when nothing speaks against the secret. */
export function weaknessOf(secret: string): string | null {
  if (isExample(secret)) return "is an example value: anyone who knows it can sign in as any user";
  return estimatedBits(unitOf(secret)) < ENOUGH_BITS ? "is too regular to be random" : null;
}

/** Whether it was copied from documentation, or is meant to be filled in. */
export const isExample = (value: string) => EXAMPLE.test(value) || /[…<>]/.test(value);

/** What a text is a repetition of, which is all that has to be guessed: `abcd` for `abcdabcdab`. */
function unitOf(text: string): string {
  const periods = Array.from({ length: Math.floor(text.length / 2) }, (_, index) => index + 1);
  const period = periods.find((length) => text.startsWith(text.slice(length)));
  return text.slice(0, period ?? text.length);
}

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
