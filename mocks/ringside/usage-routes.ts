/** Daily usage, on both of its documented routes. Rows in a bare array, oldest first, days without usage absent. */
import { HttpResponse, http } from "msw";
import type { Account } from "./account.ts";
import { isDay } from "./calendar.ts";
import { invalid, notFound } from "./refuse.ts";
import type { World } from "./world.ts";

export function usageRoutes({ gate, ledger }: World) {
  return [
    http.get("/v1/usage", async ({ request }) => {
      const caller = await gate.reader(request);
      const wanted = new URL(request.url).searchParams.get("customer_id");
      if (caller.kind === "server" && wanted === null) throw invalid("customer_id is missing.");
      const account = ledger.find(wanted ?? (caller.kind === "client" ? caller.customerId : ""));
      if (!account || (caller.kind === "client" && caller.customerId !== account.id)) return notFound();
      return daily(account, request);
    }),

    http.get<{ ref: string }>("/v1/customers/:ref/usage", async ({ request, params }) => {
      await gate.server(request);
      const account = ledger.find(params.ref);
      return account ? daily(account, request) : notFound();
    }),
  ];
}

function daily(account: Account, request: Request): Response {
  const query = new URL(request.url).searchParams;
  if (query.get("group_by") !== "day") throw invalid("group_by must be day.");
  const since = query.get("since") ?? "";
  if (since !== "" && !isDay(since)) throw invalid("since must be a day, YYYY-MM-DD.");
  return HttpResponse.json(account.days(since));
}
