/** Which adapters are on, and each one's own variables: none missing, none half set. */
import type { AuthAdapter } from "#adapters/adapter.ts";
import { type Registry, shapeOf } from "#adapters/registry.ts";
import { faultsOf } from "./fields.server.ts";

interface Options {
  env: Record<string, string | undefined>;
  registry: Registry;
  /** Whether an adapter may sign anybody in as anybody. */
  unguardedAllowed: boolean;
  fault(variable: string, problem: string): void;
}

/** Reads AUTH_ADAPTERS (order kept) and every enabled adapter's environment; reports faults, returns the sound ones. */
export function enabledAdapters({
  env,
  registry,
  unguardedAllowed,
  fault,
}: Options): { adapter: AuthAdapter; env: unknown }[] {
  const known = registry.entries.join(", ");
  const fallback = unguardedAllowed ? registry.all.find(({ unguarded }) => unguarded)?.id : undefined;
  const ids = (env["AUTH_ADAPTERS"] ?? fallback ?? "")
    .split(",")
    .map((id) => id.trim())
    .filter(Boolean);
  if (ids.length === 0) fault("AUTH_ADAPTERS", `is required: one or more of ${known}`);
  const enabled: { adapter: AuthAdapter; env: unknown }[] = [];

  for (const id of new Set(ids)) {
    const adapter = registry.find(id);
    if (!adapter) {
      fault("AUTH_ADAPTERS", `names ${JSON.stringify(id)}, which is not one of: ${known}`);
      continue;
    }
    if (adapter.unguarded && !unguardedAllowed) {
      fault("AUTH_ADAPTERS", `must not name ${id} in production: it signs anybody in as anybody`);
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
    // Half-set credentials are a button somebody expects and will not see; a whole set may just be switched off.
    if (set.length > 0 && !adapter.env.safeParse(env).success)
      fault(
        set.join(", "),
        `is set, but ${adapter.id} is neither complete nor named in AUTH_ADAPTERS (adapter ${adapter.id})`,
      );
  }
  return enabled;
}
