/** Adapters of nobody, for tests of what reads adapters: their ids and variables are all that counts. */
import type * as z from "zod";
import { type AuthAdapter, defineAdapter } from "../adapter.ts";
import { instanceOf, variablesOf } from "../instance.ts";

/** An adapter that knows nobody. */
export const ambient = (own: Pick<AuthAdapter, "id" | "env"> & Partial<AuthAdapter>): AuthAdapter =>
  defineAdapter({
    label: own.id,
    connect: () => ({ kind: "ambient", issuers: [], identify: async () => null }),
    externalId: ({ subject }) => `${own.id}_${subject}`,
    ...own,
  });

/** One of which there can be several, with these variables behind `<ID>_` or `<ID>_<NAME>_`. */
export function severalOf(kind: string, fields: z.ZodRawShape): AuthAdapter {
  const named = (name: string | null) => {
    const { id, variables } = instanceOf(kind, name);
    return ambient({ id, env: variablesOf(variables, fields).env });
  };
  return { ...named(null), instance: named };
}
