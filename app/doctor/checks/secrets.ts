/** Whether the secrets could be guessed, were copied from a manual, or do two jobs. */
import { type Context, type Finding, failure, notChecked, ok, warning } from "../check.ts";
import type { DoctorConfig } from "../config.ts";

const MAKE_ONE = "make one with: openssl rand -base64 32";
const ENOUGH_BITS = 96;

export function secrets({ config }: Context): Finding[] {
  if (!config.sessionSecrets && !config.ringside)
    return [notChecked("there are none", "fix what `configuration` reports first")];
  const findings = [...session(config), ...key(config), ...clients(config)];
  return findings.length > 0 ? findings : [ok("they are long, random and used once")];
}

function session({ env, production, sessionSecrets }: DoctorConfig): Finding[] {
  // Missing or too short: the configuration says so.
  if (!sessionSecrets) return [];
  const others = Object.entries(env).filter(
    ([name]) => name !== "SESSION_SECRET" && /(SECRET|KEY)$/.test(name),
  );
  return sessionSecrets.flatMap((secret, index) => {
    const which = sessionSecrets.length > 1 ? ` (number ${index + 1})` : "";
    const twin = others.find(([, value]) => value === secret);
    if (isPlaceholder(secret)) {
      const tell = production ? failure : warning;
      return tell(
        "SESSION_SECRET",
        `is an example value${which}: anyone who knows it can sign in as any user`,
        MAKE_ONE,
      );
    }
    if (twin) {
      const [name] = twin;
      return failure(["SESSION_SECRET", name], "are the same: one leak would be two", MAKE_ONE);
    }
    if (estimatedBits(secret) < ENOUGH_BITS)
      return failure("SESSION_SECRET", `is too regular to be random${which}`, MAKE_ONE);
    return looksTyped(secret) ? warning("SESSION_SECRET", `looks like typed words${which}`, MAKE_ONE) : [];
  });
}

function key({ ringside, production }: DoctorConfig): Finding[] {
  const value = ringside?.apiKey;
  if (!value) return [];
  const todo = "copy the server key from your Ringside dashboard";
  if (isPlaceholder(value)) return [failure("RINGSIDE_API_KEY", "is an example", todo)];
  if (production && /_mock_/.test(value))
    return [failure("RINGSIDE_API_KEY", "is the key of the mocks", todo)];
  // Browsers' tokens are JWTs; they are in the same dashboard and look as good.
  if (/^eyJ[\w-]+\.[\w-]+\./.test(value))
    return [failure("RINGSIDE_API_KEY", "is a Client Token, which ends within the hour", todo)];
  return value.length < 16 ? [warning("RINGSIDE_API_KEY", "is very short for a key", todo)] : [];
}

/** Of the enabled adapters only: others' are told by the configuration. */
function clients({ env, adapters }: DoctorConfig): Finding[] {
  return adapters
    .flatMap(({ env: own }) => Object.keys(own as object))
    .filter((name) => name.endsWith("_SECRET"))
    .flatMap((name) => {
      const value = env[name];
      return value && isPlaceholder(value)
        ? [failure(name, "is an example", "copy it from the provider's console")]
        : [];
    });
}

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
