/** How control calls name a Customer: `cus_…`, `ext:<percent-encoded external_id>`, or `*` for everybody. */
import type { Account } from "./account.ts";
import type { Ledger } from "./ledger.ts";

export interface CustomerRef {
  everybody: boolean;
  id: string | null;
  /** Both readings of the text after `ext:`, since a URL may have decoded it once already. */
  externalIds: string[];
}

export function parseRef(text: string): CustomerRef {
  if (text === "*") return { everybody: true, id: null, externalIds: [] };
  if (!text.startsWith("ext:")) return { everybody: false, id: text, externalIds: [] };
  const raw = text.slice(4);
  return { everybody: false, id: null, externalIds: [raw, decoded(raw)] };
}

export function accountOf({ id, externalIds }: CustomerRef, ledger: Ledger): Account | undefined {
  if (id !== null) return ledger.byId(id);
  return externalIds.map((externalId) => ledger.byExternalId(externalId)).find(Boolean);
}

/** Whether the reference means whoever this id or external_id belongs to; either may be unknown. */
export function refersTo(
  ref: CustomerRef,
  subject: { customerId: string | null; externalId: string | null },
): boolean {
  if (ref.everybody) return true;
  return (
    (ref.id !== null && ref.id === subject.customerId) ||
    (subject.externalId !== null && ref.externalIds.includes(subject.externalId))
  );
}

export const sameCustomer = (a: CustomerRef, b: CustomerRef): boolean =>
  (a.id !== null && a.id === b.id) || a.externalIds.some((externalId) => b.externalIds.includes(externalId));

/** Named by id and external_id alike: the first look-up of a new Customer knew its external_id alone. */
export function completed(ref: CustomerRef, ledger: Ledger): CustomerRef {
  const account = accountOf(ref, ledger);
  return account ? { everybody: false, id: account.id, externalIds: [account.externalId] } : ref;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
