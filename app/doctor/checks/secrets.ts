/** Whether the secrets could be guessed, were copied from a manual, or do two jobs. */

import { isExample, weaknessOf } from "#app/config/secrets.server.ts";
import { type Context, type Finding, failure, notChecked, ok, warning } from "../check.ts";
import type { DoctorConfig } from "../config.ts";

const MAKE_ONE = "make one with: openssl rand -base64 32";

export function secrets({ config }: Context): Finding[] {
  if (!config.sessionSecret && !config.ringside)
    return [notChecked("there are none", "fix what `configuration` reports first")];
  const findings = [...session(config), ...key(config), ...clients(config)];
  return findings.length > 0 ? findings : [ok("they are long, random and used once")];
}

function session({ env, exposed, sessionSecret: sessionSecrets }: DoctorConfig): Finding[] {
  // Missing or too short: the configuration says so.
  if (!sessionSecrets) return [];
  const others = Object.entries(env).filter(
    ([name]) => name !== "SESSION_SECRET" && /(SECRET|KEY)$/.test(name),
  );
  return sessionSecrets.flatMap((secret, index) => {
    const which = sessionSecrets.length > 1 ? ` (number ${index + 1})` : "";
    const twin = others.find(([, value]) => value === secret);
    if (twin) {
      const [name] = twin;
      return failure(["SESSION_SECRET", name], "are the same: one leak would be two", MAKE_ONE);
    }
    const weakness = weaknessOf(secret);
    // Where the app is exposed it does not start with such a secret, and the configuration says so.
    if (weakness) return exposed ? [] : warning("SESSION_SECRET", `${weakness}${which}`, MAKE_ONE);
    return looksTyped(secret) ? warning("SESSION_SECRET", `looks like typed words${which}`, MAKE_ONE) : [];
  });
}

function key({ ringside, exposed }: DoctorConfig): Finding[] {
  const value = ringside?.apiKey;
  if (!value) return [];
  const todo = "copy the server key from your Ringside dashboard";
  if (isExample(value)) return [failure("RINGSIDE_API_KEY", "is an example", todo)];
  if (exposed && /_mock_/.test(value)) return [failure("RINGSIDE_API_KEY", "is the key of the mocks", todo)];
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
      return value && isExample(value)
        ? [failure(name, "is an example", "copy it from the provider's console")]
        : [];
    });
}

/** Lower-case words with separators, as people type them and generators do not; a UUID is not words. */
export const looksTyped = (value: string) =>
  /^[a-z0-9]+([-_ .][a-z0-9]+){2,}[!?.]*$/.test(value) && /[g-z]/.test(value);
