/** Which adapters are enabled, and each one's own variables: none missing, none half set. */
import type { AuthAdapter } from "#adapters/adapter.ts";
import { type Registry, shapeOf } from "#adapters/registry.ts";
import { faultsOf } from "./fields.server.ts";

export interface EnabledAdapter {
  adapter: AuthAdapter;
  /** Its own variables, parsed. */
  env: unknown;
}

interface Options {
  env: Record<string, string | undefined>;
  registry: Registry;
  /** Whether an adapter may sign in any user as any other. */
  unguardedAllowed: boolean;
  /** Whether such an adapter is what runs when AUTH_ADAPTERS is unset. */
  unguardedByDefault: boolean;
  fault(variable: string, problem: string): void;
  warn(variable: string, problem: string): void;
}

/** Reads AUTH_ADAPTERS, in its order, and every enabled adapter's variables. Returns those without a fault. */
export function enabledAdapters({
  env,
  registry,
  unguardedAllowed,
  unguardedByDefault,
  fault,
  warn,
}: Options): EnabledAdapter[] {
  const known = registry.entries.join(", ");
  const fallback = unguardedByDefault ? registry.all.find(({ unguarded }) => unguarded)?.id : undefined;
  const named = (env["AUTH_ADAPTERS"] ?? fallback ?? "")
    .split(",")
    .map((id) => id.trim())
    .filter(Boolean);
  const ids = [...new Set(named)];
  if (ids.length === 0) fault("AUTH_ADAPTERS", `is required: one or more of ${known}`);
  for (const id of ids)
    if (named.filter((other) => other === id).length > 1)
      warn("AUTH_ADAPTERS", `names ${JSON.stringify(id)} more than once; one button is shown`);
  const enabled: EnabledAdapter[] = [];

  for (const id of ids) {
    const adapter = registry.find(id);
    if (!adapter) {
      fault("AUTH_ADAPTERS", `names ${JSON.stringify(id)}, which is not one of: ${known}`);
      continue;
    }
    if (adapter.unguarded && !unguardedAllowed) {
      fault(
        "AUTH_ADAPTERS",
        `must not name ${id} unless APP_ORIGIN is loopback: it signs in any user as any other`,
      );
      continue;
    }
    const parsed = adapter.env.safeParse(env);
    if (parsed.success) enabled.push({ adapter, env: parsed.data });
    else
      for (const { variable, problem } of faultsOf(parsed.error))
        fault(variable, `${problem} (adapter ${id})`);
  }

  for (const id of [...registry.all.map((adapter) => adapter.id), ...registry.instancesIn(env)]) {
    const adapter = registry.find(id);
    if (!adapter || ids.includes(id)) continue;
    const set = Object.keys(shapeOf(adapter)).filter((name) => env[name] !== undefined);
    // Half-set credentials are a button that users will miss; a whole set may just be switched off.
    if (set.length > 0 && !adapter.env.safeParse(env).success)
      fault(
        set.join(", "),
        `is set, but ${adapter.id} is neither complete nor named in AUTH_ADAPTERS (adapter ${adapter.id})`,
      );
  }
  return enabled;
}
