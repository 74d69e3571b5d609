/** What a Customer of the mock can start with: the body of the control API and the personas' own form. */
import * as z from "zod";
import { periods } from "./calendar.ts";
import { type ProfileName, profiles } from "./profiles.ts";

const period = z
  .enum([...periods, "daily", "weekly", "monthly"])
  .transform((name) =>
    name === "daily" ? "day" : name === "weekly" ? "week" : name === "monthly" ? "month" : name,
  )
  .default("month");

const budget = z.union([
  z.strictObject({ label: z.string(), period, limit_usd: z.number().nonnegative() }),
  /** `used`: the limit is chosen so that about this share of it is spent at the start (0.7 is 70 %). */
  z.strictObject({ label: z.string(), period, used: z.number().positive() }),
]);

/** Amounts in USD. `budget_usd` is answered as the scalar it is, `budgets` as an array: Ringside's pages show both. */
export const seedCustomer = z.strictObject({
  external_id: z.string().min(1),
  name: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()).default({}),
  budgets: z.array(budget).optional(),
  budget_usd: z.number().nonnegative().optional(),
  wallet_balance_usd: z.number().optional(),
  /** Grants no token a longer life than this, whatever the mint asks for. */
  max_token_ttl_seconds: z.number().positive().optional(),
  /** 90 days of usage in the manner of a profile. */
  history: z.enum(["none", ...(Object.keys(profiles) as ProfileName[])]).default("none"),
  /** Whether usage goes on growing by itself. */
  traffic: z.boolean().default(false),
});

export type SeedCustomer = z.input<typeof seedCustomer>;
export type Seed = z.output<typeof seedCustomer>;
