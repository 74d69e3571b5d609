/**
 * Where an adapter may break a rule, and why. The report shows each; an entry that is no longer needed fails it.
 * Skipping a rule in a test is not another way: a deviation must be read by every reader of the report.
 */
export interface Deviation {
  rule: string;
  /** What the adapter does instead, and what stands in the way of fixing it. */
  reason: string;
}

/** By the adapter's id. */
export const deviations: Readonly<Record<string, readonly Deviation[]>> = {};
