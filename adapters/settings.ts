/**
 * The environment variables of an adapter, and several of one adapter side by side: `AUTH_ADAPTERS=jwt,jwt:cloudflare`. Each has its own id, its own variables
 * (`JWT_ISSUER`, `JWT_CLOUDFLARE_ISSUER`) and its own external_ids (`jwt_1`, `jwt-cloudflare_1`).
 */
import * as z from "zod";

export interface Instance {
  /** `jwt`, or `jwt:cloudflare`. */
  id: string;
  /** What its variables start with: `JWT_`, or `JWT_CLOUDFLARE_`. */
  variables: string;
  /** What its external_ids start with: `jwt_`, or `jwt-cloudflare_`. No name can hold the underscore. */
  externalIds: string;
}

/** Lower-case letters, digits and single hyphens: another spelling would share the variables of the first. */
export const isInstanceName = (name: string) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name);

/** @param name null for the plain one @throws RangeError when it cannot be the name of an instance */
export function instanceOf(kind: string, name: string | null): Instance {
  if (name === null) return { id: kind, variables: `${kind.toUpperCase()}_`, externalIds: `${kind}_` };
  if (!isInstanceName(name)) throw new RangeError("An instance is named by a-z, 0-9 and single hyphens.");
  return {
    id: `${kind}:${name}`,
    variables: `${kind}_${name}_`.replaceAll("-", "_").toUpperCase(),
    externalIds: `${kind}-${name}_`,
  };
}

/**
 * An adapter's fields as the variables of one instance, and the way back. The schema stays an object, whose keys
 * the configuration reads to find variables that are set for nothing.
 */
export function variablesOf<Fields extends z.ZodRawShape>(prefix: string, fields: Fields) {
  const renamed = Object.entries(fields).map(([name, field]) => [prefix + name, field]);
  return {
    env: z.object(Object.fromEntries(renamed)) as z.ZodObject<Record<string, z.ZodType>>,
    settings: (env: Record<string, unknown>) =>
      Object.fromEntries(
        Object.entries(env).map(([name, value]) => [name.slice(prefix.length), value]),
      ) as z.output<z.ZodObject<Fields>>,
  };
}

/** A required variable that is copied from the provider's console. @param meaning completes "is required: …" */
export const fromConsole = (meaning: string) =>
  z
    .string({ error: `is required: ${meaning}` })
    .regex(/^\S+$/, { error: `must be the bare value, without spaces: ${meaning}` });
