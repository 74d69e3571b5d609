/**
 * Amounts and wallets. Amounts inside the mock are whole millionths of a USD: sums of days are then exact, and a
 * test can compare them with `===`.
 */
export const micros = (amountUsd: number): number => Math.round(amountUsd * 1e6);

export const usd = (amountMicros: number): number => amountMicros / 1e6;

/** A limit as a person would choose it: two significant digits, at least 1 USD. */
export function roundLimit(amountMicros: number): number {
  if (amountMicros <= 0) return micros(1);
  const step = 10 ** Math.max(0, Math.floor(Math.log10(amountMicros)) - 1);
  return Math.round(amountMicros / step) * step;
}

interface Transaction {
  type: "topup" | "debit" | "refund";
  micros: number;
  at: number;
}

const MAX_TRANSACTIONS = 100;

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

  /** Takes the cost of usage; a negative one is a refund. */
  debit(micros: number, at: number): void {
    this.#balance -= micros;
    this.#transactions.unshift({ type: micros < 0 ? "refund" : "debit", micros: -micros, at });
    this.#transactions.length = Math.min(this.#transactions.length, MAX_TRANSACTIONS);
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
