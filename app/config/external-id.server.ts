/** The user's Ringside `external_id`: the adapter's own mapping, or EXTERNAL_ID_TEMPLATE. */
import type { AuthAdapter, Identity } from "#adapters/adapter.ts";

/**
 * @param template e.g. `user_{subject}`, for users whose calls are already tagged with ids of the operator's own
 * @throws Error when an adapter maps a user to nothing: two such users would share one Customer
 */
export function externalIdFor(adapter: AuthAdapter, identity: Identity, template: string | null): string {
  const externalId = template ? fill(template, adapter, identity) : adapter.externalId(identity);
  if (!externalId) throw new Error(`Adapter ${adapter.id} gave an empty external_id.`);
  return externalId;
}

const PLACEHOLDER = /\{(adapter|issuer|subject)\}/;

/** In one pass, so that a subject which itself reads `{issuer}` stays what it is. */
const fill = (template: string, adapter: AuthAdapter, { issuer, subject }: Identity): string =>
  template
    .split(PLACEHOLDER)
    .map((part, index) => (index % 2 === 0 ? part : { adapter: adapter.id, issuer, subject }[part]))
    .join("");

/** An enabled adapter, with the issuers its identities can have; none when only a sign-in shows them. */
export interface TemplateUser {
  id: string;
  issuers: readonly string[];
}

/**
 * Two adapters whose users could get the same external_id from this template; null when none could. A subject can be
 * any text, so two ids can only be told apart by what stands before and after it: they differ for certain when
 * neither beginning continues the other, or neither end does. An issuer that is not known may be any text as well.
 *
 * Two users of one adapter always differ, since an adapter has one issuer and everything but the subject is the same.
 */
export function ambiguousPair(template: string, users: readonly TemplateUser[]): [string, string] | null {
  const all = users.map(({ id, issuers }) => ({
    id,
    ends: (issuers.length > 0 ? issuers : [null]).map((issuer) => fixedEnds(template, id, issuer)),
  }));
  for (const [index, one] of all.entries())
    for (const other of all.slice(index + 1))
      if (one.ends.some((ends) => other.ends.some((others) => canMeet(ends, others))))
        return [one.id, other.id];
  return null;
}

interface FixedEnds {
  start: string;
  end: string;
}

/** What every external_id of this adapter begins and ends with. */
function fixedEnds(template: string, adapter: string, issuer: string | null): FixedEnds {
  const known: Record<string, string | null> = { adapter, issuer, subject: null };
  const parts = template.split(PLACEHOLDER).map((part, index) => (index % 2 === 0 ? part : known[part]));
  const fixed = (texts: (string | null | undefined)[]) => texts.slice(0, texts.indexOf(null));
  return { start: fixed(parts).join(""), end: fixed(parts.toReversed()).reverse().join("") };
}

const canMeet = (one: FixedEnds, other: FixedEnds): boolean =>
  (one.start.startsWith(other.start) || other.start.startsWith(one.start)) &&
  (one.end.endsWith(other.end) || other.end.endsWith(one.end));
