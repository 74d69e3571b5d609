/** The person's Ringside `external_id`: the adapter's own mapping, or EXTERNAL_ID_TEMPLATE. */
import type { AuthAdapter, Identity } from "#adapters/adapter.ts";

/**
 * @param template e.g. `user_{subject}`, for people whose calls are already tagged with their own ids
 * @throws Error when an adapter maps somebody to nothing: two such people would share one Customer
 */
export function externalIdFor(adapter: AuthAdapter, identity: Identity, template: string | null): string {
  const externalId = template ? fill(template, adapter, identity) : adapter.externalId(identity);
  if (!externalId) throw new Error(`Adapter ${adapter.id} gave an empty external_id.`);
  return externalId;
}

/** One pass, so that a subject which itself reads `{issuer}` stays what it is. */
function fill(template: string, adapter: AuthAdapter, { issuer, subject }: Identity): string {
  const values: Record<string, string> = { adapter: adapter.id, issuer, subject };
  return template.replace(/\{(\w+)\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}
