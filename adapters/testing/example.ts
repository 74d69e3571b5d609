/** Example adapters, for tests of what reads adapters: only their ids and variables matter. */
import type * as z from "zod";
import { type AuthAdapter, defineAdapter } from "../adapter.ts";
import { instanceOf, variablesOf } from "../settings.ts";

/** An adapter that signs no user in. */
export const proxyAuthenticated = (
  own: Pick<AuthAdapter, "id" | "env"> & Partial<AuthAdapter>,
): AuthAdapter =>
  defineAdapter({
    label: own.id,
    connect: () => ({ kind: "proxy-authenticated", issuers: [], identify: async () => null }),
    externalId: ({ subject }) => `${own.id}_${subject}`,
    ...own,
  });

/** One of which there can be several, with these variables behind `<ID>_` or `<ID>_<NAME>_`. */
export function severalOf(kind: string, fields: z.ZodRawShape): AuthAdapter {
  const named = (name: string | null) => {
    const { id, variables } = instanceOf(kind, name);
    return proxyAuthenticated({ id, env: variablesOf(variables, fields).env });
  };
  return { ...named(null), instance: named };
}
