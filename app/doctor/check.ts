/** What a check is, what it is given, and what it reports. */
import { ContractError, parseCustomer } from "#app/ringside/contract.ts";
import type { DoctorConfig } from "./config.ts";
import type { Ask, Reply } from "./http.ts";
import type { RingsideClient } from "./ringside.ts";

export interface Context {
  config: DoctorConfig;
  ask: Ask;
  /** For one request. */
  timeoutMs: number;
  /** Null when Ringside's address or key is invalid. */
  ringside: RingsideClient | null;
}

export interface Check {
  name: string;
  /** The variables to name when the check cannot connect or does not end. */
  blames: readonly string[];
  /** @throws Unreachable, which becomes a failure that names `blames` */
  run(context: Context): Finding[] | Promise<Finding[]>;
}

/** Holds no secret, no token and no text that another server sent. */
export interface Finding {
  status: "ok" | "warning" | "failure";
  /** What to change; the sentence in `found` continues after these names. */
  variables: readonly string[];
  found: string;
  /** What to do about it; null when the status is ok. */
  todo: string | null;
}

/** A finding with the check that made it: one line of the report. */
export interface Line extends Finding {
  check: string;
}

export const ok = (found: string): Finding => ({ status: "ok", variables: [], found, todo: null });

const createFinding =
  (status: Finding["status"]) =>
  (variables: string | readonly string[], found: string, todo: string): Finding => ({
    status,
    variables: [variables].flat(),
    found,
    todo,
  });

/** It works, but not as well as it could, or not for long. */
export const warning = createFinding("warning");
/** Users cannot use the app, or it is less safe than promised. */
export const failure = createFinding("failure");

export const notChecked = (why: string, todo: string) => warning([], `not checked: ${why}`, todo);

/** Ringside's answer differs from what the contract file reads. No variable fixes that; a code change does. */
export const drift = (found: string) =>
  failure(
    [],
    found,
    "teach app/ringside/contract.ts this answer, and note it in docs/decisions/003-ringside-contract.md",
  );

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

/** @throws the error itself when it is not about the contract */
export function unreadable(error: unknown): Finding {
  if (error instanceof ContractError) return drift(error.message);
  throw error;
}

const NO_ACCESS = notChecked("Ringside does not let us in", "fix what `key` reports first");

/** A check that only makes sense once `key` passes. @param closed what it reports otherwise */
export const withRingside =
  (
    run: (ringside: RingsideClient, config: DoctorConfig) => Promise<Finding[]>,
    closed = [NO_ACCESS],
  ): Check["run"] =>
  async ({ ringside, config }) => {
    const open = await ringside?.open().catch(() => false);
    return ringside && open ? run(ringside, config) : closed;
  };
