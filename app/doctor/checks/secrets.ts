/** Whether the secrets could be guessed, were copied from a manual, or do two jobs. */
import type { Context } from "../check.ts";
import { type Finding, failure, notChecked, ok, warning } from "../finding.ts";
import { estimatedBits, isPlaceholder, looksTyped } from "../strength.ts";

const MAKE_ONE = "make one with: openssl rand -base64 32";
const ENOUGH_BITS = 96;

export function secrets({ subject }: Context): Finding[] {
  if (!subject.sessionSecrets && !subject.ringside)
    return [notChecked("there are none", "mend what `configuration` says first")];
  const findings = [...session(subject), ...key(subject), ...clients(subject)];
  return findings.length > 0 ? findings : [ok("they are long, random and used once")];
}

function session({ env, production, sessionSecrets }: Context["subject"]): Finding[] {
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
        `is an example${which}: anybody who reads it can sign in as anybody`,
        MAKE_ONE,
      );
    }
    if (twin) {
      const [name] = twin;
      return failure(["SESSION_SECRET", name], "are the same: one leak would be two", MAKE_ONE);
    }
    if (estimatedBits(secret) < ENOUGH_BITS)
      return failure("SESSION_SECRET", `is too regular to be random${which}`, MAKE_ONE);
    return looksTyped(secret)
      ? warning("SESSION_SECRET", `looks like words somebody typed${which}`, MAKE_ONE)
      : [];
  });
}

function key({ ringside, production }: Context["subject"]): Finding[] {
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
function clients({ env, adapters }: Context["subject"]): Finding[] {
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
