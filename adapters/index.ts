/**
 * The registry. To add an adapter: write its file, import it here, add it to the list. The compiler refuses a key
 * that is there already; a test refuses a key that is not the adapter's id.
 */
import * as z from "zod";
import type { AuthAdapter } from "./adapter.ts";
import { auth0 } from "./auth0.ts";
import { demo } from "./demo.ts";
import { github } from "./github.ts";
import { instanceOf, isInstanceName } from "./instance.ts";
import { jwtAdapter } from "./jwt.ts";
import { oidcAdapter } from "./oidc.ts";

/** Those of which there can be several side by side: `oidc`, `oidc:okta`. */
const families: Record<string, (name: string | null) => AuthAdapter> = { oidc: oidcAdapter, jwt: jwtAdapter };

export const adapters: Record<string, AuthAdapter> = {
  demo,
  github,
  auth0,
  oidc: oidcAdapter(null),
  jwt: jwtAdapter(null),
};

/**
 * The adapter behind one entry of AUTH_ADAPTERS. Ask here and not the list: an entry such as `oidc:okta` names one
 * of several instances of a family, which the list cannot hold.
 */
export function findAdapter(entry: string): AuthAdapter | undefined {
  if (Object.hasOwn(adapters, entry)) return adapters[entry];
  const [, kind = "", name = ""] = /^([^:]+):(.+)$/.exec(entry) ?? [];
  return Object.hasOwn(families, kind) && isInstanceName(name) ? families[kind]?.(name) : undefined;
}

/**
 * The entries, such as `oidc:okta`, that an environment has variables for, whole or not: what to look at for an
 * instance that somebody has set up and not named. Only variables that every instance must have are a sign of one.
 */
export function instancesIn(env: Record<string, string | undefined>): string[] {
  return Object.entries(families).flatMap(([kind, adapterOf]) => {
    const prefix = instanceOf(kind, null).variables;
    const own = Object.entries(shapeOf(adapterOf(null)));
    const required = own.filter(([, field]) => !field.safeParse(undefined).success).map(([name]) => name);
    const pattern = new RegExp(
      `^${prefix}(.+?)_(${required.map((name) => name.slice(prefix.length)).join("|")})$`,
    );
    const names = Object.keys(env).flatMap((variable) => {
      const name = env[variable] === undefined ? undefined : pattern.exec(variable)?.[1];
      return name?.toLowerCase().replaceAll("_", "-") ?? [];
    });
    return [...new Set(names)].filter(isInstanceName).map((name) => instanceOf(kind, name).id);
  });
}

/** An adapter's variables by name; none for an env that is not a plain object. */
export const shapeOf = ({ env }: AuthAdapter): Record<string, z.ZodType> =>
  env instanceof z.ZodObject ? (env.shape as Record<string, z.ZodType>) : {};
