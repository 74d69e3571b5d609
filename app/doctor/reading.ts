/** Reading Ringside's answers as the app reads them; what cannot be read is drift. */
import { ContractError, parseCustomer } from "#app/ringside/contract.ts";
import type { Reply } from "./ask.ts";
import { drift, type Finding, ok } from "./finding.ts";

/** Whether a Customer row can be read. */
export function readRow({ body }: Reply): Finding {
  try {
    const { budgets, walletUsd } = parseCustomer(body);
    const wallet = walletUsd === null ? "no wallet" : "a wallet";
    return ok(`a Customer row can be read (budgets: ${budgets.length}, ${wallet})`);
  } catch (error) {
    return unreadable(error);
  }
}

/** @throws whatever is not about the contract */
export function unreadable(error: unknown): Finding {
  if (error instanceof ContractError) return drift(error.message);
  throw error;
}
