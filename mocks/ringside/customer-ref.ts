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

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
