/** Finds adapters by what AUTH_ADAPTERS says and by what an environment holds. */
import * as z from "zod";
import type { AuthAdapter } from "./adapter.ts";
import * as listed from "./index.ts";
import { instanceOf, isInstanceName } from "./settings.ts";

export interface Registry {
  /** In the order of the list. */
  all: readonly AuthAdapter[];
  /** All that an entry of AUTH_ADAPTERS can be, for people to read: `github`, `oidc`, `oidc:<name>`. */
  entries: readonly string[];
  /**
   * The adapter behind one entry of AUTH_ADAPTERS. Ask here and not the list: an entry such as `oidc:okta` names one
   * of several instances, which no list can hold.
   */
  find(entry: string): AuthAdapter | undefined;
  /**
   * The entries, such as `oidc:okta`, that an environment has variables for, whole or not: what to look at for an
   * instance that is configured and not named. Only variables that every instance must have are a sign of one.
   */
  instancesIn(env: Record<string, string | undefined>): string[];
  /** Whether a variable would belong to some instance, such as `OIDC_OKTA_SCOPES` to `oidc:okta`. */
  isInstanceVariable(name: string): boolean;
}

export function registryOf(all: readonly AuthAdapter[]): Registry {
  const byId = new Map(all.map((adapter) => [adapter.id, adapter]));
  return {
    all,
    entries: all.flatMap(({ id, instance }) => (instance ? [id, `${id}:<name>`] : [id])),
    find(entry) {
      const [, id = entry, name] = /^([^:]+):(.+)$/.exec(entry) ?? [];
      const adapter = byId.get(id);
      return name === undefined ? adapter : isInstanceName(name) ? adapter?.instance?.(name) : undefined;
    },
    instancesIn: (env) => all.flatMap((adapter) => (adapter.instance ? namedIn(env, adapter) : [])),
    isInstanceVariable: (name) =>
      all.some((adapter) => adapter.instance && patternOf(adapter, Object.keys(shapeOf(adapter))).test(name)),
  };
}

/** The adapters of this app. */
export const registry = registryOf(Object.values(listed));

/** An adapter's variables by name; none for an env that is not a plain object. */
export const shapeOf = ({ env }: AuthAdapter): Record<string, z.ZodType> =>
  env instanceof z.ZodObject ? (env.shape as Record<string, z.ZodType>) : {};

function namedIn(env: Record<string, string | undefined>, adapter: AuthAdapter): string[] {
  const own = Object.entries(shapeOf(adapter));
  const required = own.filter(([, field]) => !field.safeParse(undefined).success).map(([name]) => name);
  const pattern = patternOf(adapter, required);
  const names = Object.keys(env).flatMap((variable) => {
    const name = env[variable] === undefined ? undefined : pattern.exec(variable)?.[1];
    return name?.toLowerCase().replaceAll("_", "-") ?? [];
  });
  return [...new Set(names)].filter(isInstanceName).map((name) => instanceOf(adapter.id, name).id);
}

/** Finds the name of the instance that has one of these variables of the plain adapter as its own. */
function patternOf(adapter: AuthAdapter, variables: readonly string[]): RegExp {
  const prefix = instanceOf(adapter.id, null).variables;
  return new RegExp(`^${prefix}(.+?)_(${variables.map((name) => name.slice(prefix.length)).join("|")})$`);
}
