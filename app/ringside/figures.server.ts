/** What the dashboard's HTML shows before any script runs. */
import { log } from "#app/server/log.server.ts";
import type { Customer, DailyUsage } from "./contract.ts";
import type { CustomerOwner } from "./customers.server.ts";
import { ringsideAccess } from "./ringside.server.ts";
import { PROBLEM_OF, RingsideError, type RingsideFailure } from "./server-client.server.ts";

export type Figures =
  | { ok: true; customer: Customer; daily: DailyUsage[] | null; loadedAt: number }
  | { ok: false; reason: (typeof PROBLEM_OF)[RingsideFailure] };

/** The first paint does not wait longer for the bars: the browser then requests them itself. */
const DAILY_TIMEOUT_MS = 1_500;
const DAYS = 90;

/** The owner's Customer (made if new) with its daily usage, or why Ringside could not give it. */
export async function loadFigures(owner: CustomerOwner): Promise<Figures> {
  const { customers } = ringsideAccess();
  // Side by side: by external_id neither call needs the other's answer.
  const [customer, daily] = await Promise.allSettled([customers.ensure(owner), dailyUsage(owner)]);
  const loadedAt = Date.now();
  if (customer.status === "rejected") return { ok: false, reason: problemOf(customer.reason) };
  return {
    ok: true,
    customer: customer.value,
    daily: daily.status === "fulfilled" ? daily.value : null,
    loadedAt,
  };
}

async function dailyUsage({ externalId }: CustomerOwner): Promise<DailyUsage[]> {
  const since = new Date(Date.now() - (DAYS - 1) * 86_400_000).toISOString().slice(0, 10);
  try {
    return await ringsideAccess().ringside.getDailyUsage(
      externalId,
      since,
      AbortSignal.timeout(DAILY_TIMEOUT_MS),
    );
  } catch (error) {
    // A Customer that is being created at this moment has no usage yet.
    if (error instanceof RingsideError && error.failure === "not_found") return [];
    throw error;
  }
}

function problemOf(error: unknown) {
  if (!(error instanceof RingsideError)) throw error;
  log.warn({ event: "dashboard_unavailable", failure: error.failure, detail: error.message });
  return PROBLEM_OF[error.failure];
}
