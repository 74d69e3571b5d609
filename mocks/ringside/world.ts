/** What the mock's routes share. */
import type { Gate } from "./auth.ts";
import type { Idempotency } from "./idempotency.ts";
import type { Ledger } from "./ledger.ts";
import type { TokenIssuer } from "./tokens.ts";

export interface World {
  gate: Gate;
  ledger: Ledger;
  tokens: TokenIssuer;
  idempotency: Idempotency;
  /** The real clock, in milliseconds; a Customer's own is `Account.now`. */
  now(): number;
}
