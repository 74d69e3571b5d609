/** A prepaid balance. Amounts in millionths of a USD inside, in USD outside. */
import { usd } from "./money.ts";

interface Transaction {
  type: "topup" | "debit" | "refund";
  micros: number;
  at: number;
}

const KEPT_TRANSACTIONS = 100;

export class Wallet {
  #balance: number;
  #transactions: Transaction[];

  constructor(micros: number, at: number) {
    this.#balance = micros;
    this.#transactions = [{ type: "topup", micros, at }];
  }

  get balanceUsd(): number {
    return usd(this.#balance);
  }

  get empty(): boolean {
    return this.#balance <= 0;
  }

  /** Takes the cost of usage; a negative one is given back. */
  debit(micros: number, at: number): void {
    this.#balance -= micros;
    this.#transactions.unshift({ type: micros < 0 ? "refund" : "debit", micros: -micros, at });
    this.#transactions.length = Math.min(this.#transactions.length, KEPT_TRANSACTIONS);
  }

  /** `GET /customers/:ref/wallet`; the newest transactions first, in Unix seconds. */
  statement() {
    return {
      balance_usd: this.balanceUsd,
      transactions: this.#transactions.map(({ type, micros, at }) => ({
        type,
        amount_usd: usd(micros),
        created_at: Math.floor(at / 1000),
      })),
    };
  }
}
