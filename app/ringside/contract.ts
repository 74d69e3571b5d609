/**
 * The Ringside wire format: every path, field name and error code this project knows.
 *
 * The server, the browser and the mock all import this file, so that an account whose answers differ is one
 * small edit away. Ringside's public pages contradict one another; each tolerance below is a decision
 * recorded in docs/decisions/003-ringside-contract.md. `zod/mini` because this file ships to the browser.
 */
import * as z from "zod/mini";
import { isMonth } from "./period.ts";

/** An answer that Ringside gave with a 2xx status but that this contract cannot read. */
export class ContractError extends Error {
  readonly code = "contract_violation";
  constructor(what: string, options?: ErrorOptions) {
    super(`Ringside answered with an unexpected shape: ${what}`, options);
    this.name = "ContractError";
  }
}

/** A row of another Customer than the one asked for. */
export class WrongCustomerError extends ContractError {
  constructor(field: "id" | "external_id") {
    super(`its ${field} is not the one that was asked for`);
    this.name = "WrongCustomerError";
  }
}

/** Paths below the API base (`RINGSIDE_API_URL`). Ids are percent-encoded here and nowhere else. */
export const paths = {
  customers: "/customers",
  clientTokens: "/client_tokens",
  usage: "/usage",
  customer: (id: string) => `/customers/${encodeURIComponent(id)}`,
  customerByExternalId: (externalId: string) => `/customers/ext:${encodeURIComponent(externalId)}`,
  customerUsage: (externalId: string) => `/customers/ext:${encodeURIComponent(externalId)}/usage`,
} as const;

/** More than any Customer spends or calls, and small enough that sums, squares and quotients stay finite. */
const MAX_AMOUNT = 1e15;
/** What floating-point subtraction leaves over; dividing by it gives infinity. */
const EPSILON = 1e-15;
const MAX_BUDGETS = 100;
const MAX_USAGE_ROWS = 20_000;

/** Ids, labels and periods: a page that shows a megabyte of label hangs. */
const text = z.string().check(z.maxLength(512));

/** Numbers that some accounts send as strings. Bounded after parsing, since the text `1e999` is Infinity. */
const numeric = z.pipe(
  z.union([
    z.number(),
    z.pipe(z.string().check(z.regex(/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/)), z.transform(Number)),
  ]),
  z.pipe(
    z.number().check(z.minimum(-MAX_AMOUNT), z.maximum(MAX_AMOUNT)),
    z.transform((value) => (Math.abs(value) < EPSILON ? 0 : value)),
  ),
);

/** A spending cap. Amounts in USD. */
export interface Budget {
  label: string;
  limitUsd: number;
  /** Null when the row gives none and the period is not the month, whose spend the row has. */
  spentUsd: number | null;
  period: string;
}

/** A Customer row, normalised. Amounts in USD, month to date. */
export interface Customer {
  id: string;
  spendUsd: number;
  requestCount: number;
  budgets: Budget[];
  /** Prepaid balance in USD, or null when the Customer has no wallet. */
  walletUsd: number | null;
}

const budgetRow = z.looseObject({
  label: z.optional(text),
  name: z.optional(text),
  limit_usd: z.optional(numeric),
  budget_usd: z.optional(numeric),
  amount_usd: z.optional(numeric),
  spent_usd: z.optional(numeric),
  spend_usd: z.optional(numeric),
  period: z.optional(text),
});

/** `GET /customers/:id`, `GET /customers/ext:…`, `POST /customers`. Unknown fields pass through untouched. */
export const customerRow = z.looseObject({
  id: text.check(z.minLength(1)),
  spend_usd_mtd: numeric,
  request_count_mtd: numeric,
  external_id: z.nullish(z.string()),
  name: z.nullish(z.string()),
  budgets: z.nullish(z.array(budgetRow).check(z.maxLength(MAX_BUDGETS))),
  budget_usd: z.nullish(numeric),
  monthly_budget_usd: z.nullish(numeric),
  wallet_balance_usd: z.nullish(numeric),
  wallet: z.nullish(z.looseObject({ balance_usd: z.nullish(numeric) })),
});
export type CustomerRow = z.input<typeof customerRow>;

/**
 * Reads a Customer row.
 * @param asked what the row must be equal to, character for character: a Ringside that folds case, trims, normalises
 * or truncates would show one user another's figures. A row that does not repeat its external_id is accepted.
 * @throws ContractError, WrongCustomerError
 */
export function parseCustomer(body: unknown, asked: { id?: string; externalId?: string } = {}): Customer {
  const row = read(customerRow, body, "a Customer");
  if (asked.id !== undefined && row.id !== asked.id) throw new WrongCustomerError("id");
  if (asked.externalId !== undefined && (row.external_id ?? asked.externalId) !== asked.externalId)
    throw new WrongCustomerError("external_id");
  return {
    id: row.id,
    spendUsd: row.spend_usd_mtd,
    requestCount: row.request_count_mtd,
    budgets: budgetsOf(row),
    walletUsd: row.wallet_balance_usd ?? row.wallet?.balance_usd ?? null,
  };
}

/** Budgets come as an array or as one of two scalars, which mean the same monthly cap. */
function budgetsOf(row: z.output<typeof customerRow>): Budget[] {
  if (row.budgets) {
    return row.budgets.flatMap((budget) => {
      const limitUsd = budget.limit_usd ?? budget.budget_usd ?? budget.amount_usd;
      if (limitUsd === undefined) return [];
      const period = budget.period ?? "month";
      return {
        label: budget.label ?? budget.name ?? labelFor(period),
        limitUsd,
        spentUsd: budget.spent_usd ?? budget.spend_usd ?? (isMonth(period) ? row.spend_usd_mtd : null),
        period,
      };
    });
  }
  const limitUsd = row.budget_usd ?? row.monthly_budget_usd;
  if (limitUsd === null || limitUsd === undefined) return [];
  return [{ label: labelFor("month"), limitUsd, spentUsd: row.spend_usd_mtd, period: "month" }];
}

const labelFor = (period: string) => (isMonth(period) ? "Monthly budget" : `Budget per ${period}`);

/** `POST /customers`. */
export const createCustomerRequest = z.looseObject({
  external_id: z.string().check(z.minLength(1)),
  name: z.optional(z.string()),
  budget_usd: z.optional(z.number()),
  metadata: z.optional(z.record(z.string(), z.unknown())),
});
export type CreateCustomerRequest = z.input<typeof createCustomerRequest>;

/** `POST /client_tokens`. `allowed_endpoints` are paths from the host's root, e.g. `/v1/usage`. */
export const mintRequest = z.looseObject({
  customer: z.string().check(z.minLength(1)),
  origin: z.string().check(z.minLength(1)),
  allowed_endpoints: z.optional(z.array(z.string())),
  ttl_seconds: z.optional(z.number().check(z.minimum(60), z.maximum(3600))),
});
export type MintRequest = z.input<typeof mintRequest>;

/** The other documented mint, `POST /customers/:id/client_tokens`. */
export const customerMintRequest = z.looseObject({
  ttl_seconds: z.optional(z.number().check(z.minimum(60), z.maximum(3600))),
  scope: z.optional(z.array(z.string())),
  origin_allowlist: z.array(z.string()).check(z.minLength(1)),
});

/** What a mint answers. Unknown fields pass through to the browser unchanged. */
export const clientTokenAnswer = z.looseObject({
  // It goes into a header.
  token: z.string().check(z.minLength(1), z.maxLength(8192)),
  expires_at: z.union([z.number(), text]),
});
export type ClientTokenAnswer = z.output<typeof clientTokenAnswer>;

/** A mint's answer with all its fields. @throws ContractError */
export const readClientToken = (body: unknown) => read(clientTokenAnswer, body, "a Client Token");

/** Reads a mint's answer; `expiresAt` in milliseconds since the epoch, on Ringside's clock. @throws ContractError */
export function parseClientToken(body: unknown): { token: string; expiresAt: number } {
  const answer = readClientToken(body);
  const expiresAt = instant(answer.expires_at);
  if (Number.isNaN(expiresAt)) throw new ContractError("expires_at is neither Unix seconds nor ISO 8601");
  return { token: answer.token, expiresAt };
}

/** Unix seconds (a number, or a string of digits) or ISO 8601, told apart here only. */
function instant(value: number | string): number {
  if (typeof value === "number") return value * 1000;
  return /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value);
}

/** One UTC day of a Customer's usage. `date` is `YYYY-MM-DD`. */
export interface DailyUsage {
  date: string;
  spendUsd: number;
  requestCount: number;
}

const usageRow = z.looseObject({
  date: z.optional(z.string()),
  day: z.optional(z.string()),
  bucket: z.optional(z.string()),
  spend_usd: z.optional(numeric),
  cost_usd: z.optional(numeric),
  total_cost_usd: z.optional(numeric),
  request_count: z.optional(numeric),
  requests: z.optional(numeric),
});
const usageRows = z.array(usageRow).check(z.maxLength(MAX_USAGE_ROWS));
const usageAnswer = z.union([usageRows, z.looseObject({ data: usageRows })]);

/** The row the mock sends, and the spelling we believe most accounts use. */
export interface UsageRow {
  date: string;
  spend_usd: number;
  request_count: number;
}

/** Query of `GET /usage` for whole UTC days from `since` (`YYYY-MM-DD`) on. */
export const dailyUsageQuery = (since: string) => new URLSearchParams({ group_by: "day", since }).toString();

/** Reads daily usage: rows in any order, one per day, duplicates summed, oldest first. @throws ContractError */
export function parseDailyUsage(body: unknown): DailyUsage[] {
  const answer = read(usageAnswer, body, "daily usage");
  const days = new Map<string, DailyUsage>();
  for (const row of Array.isArray(answer) ? answer : answer.data) {
    const date = (row.date ?? row.day ?? row.bucket)?.slice(0, 10);
    const spendUsd = row.spend_usd ?? row.cost_usd ?? row.total_cost_usd;
    if (!date || !isDay(date)) throw new ContractError("a usage row has no day");
    if (spendUsd === undefined) throw new ContractError("a usage row has no spend");
    const day = days.get(date) ?? { date, spendUsd: 0, requestCount: 0 };
    day.spendUsd += spendUsd;
    day.requestCount += row.request_count ?? row.requests ?? 0;
    days.set(date, day);
  }
  return [...days.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** A day that the calendar has: on 2026-02-30 or 2026-00-10 all arithmetic of days throws, and the page with it. */
function isDay(date: string): boolean {
  const ms = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  return ms >= 0 && new Date(ms).toISOString().startsWith(date);
}

/** The error envelope the mock sends. No page of Ringside's states one; this is OpenAI's habit. */
export const errorBody = (code: string, message: string) => ({ error: { code, message } });

const errorAnswer = z.looseObject({
  error: z.optional(
    z.union([z.string(), z.looseObject({ code: z.nullish(z.string()), type: z.nullish(z.string()) })]),
  ),
  code: z.nullish(z.string()),
});

/** The error code of a failed answer, wherever that account puts it; null when there is none. */
export function errorCode(body: unknown): string | null {
  const parsed = errorAnswer.safeParse(body);
  if (!parsed.success) return null;
  const { error, code } = parsed.data;
  const nested = typeof error === "object" ? (error.code ?? error.type) : null;
  return nested ?? code ?? (typeof error === "string" ? error : null);
}

function read<T extends z.ZodMiniType>(schema: T, body: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ContractError(`${what}: ${issue?.path.join(".") || "body"} ${issue?.message ?? ""}`.trim());
}
