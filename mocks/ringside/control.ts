/** The control API of the mock Ringside; `mocks/README.md` lists it. */
import { HttpResponse, http } from "msw";
import * as z from "zod";
import { controlBody, healthHandler } from "#mocks/control.ts";
import type { TokenIssuer } from "./auth.ts";
import { isDay } from "./calendar.ts";
import type { Account, CustomerStore } from "./customers.ts";
import { type Faults, faultRequest } from "./faults.ts";
import { errorResponse } from "./http.ts";
import { micros } from "./money.ts";
import type { RequestLog } from "./requests.ts";
import { accountOf, parseRef, withBothIds } from "./requests.ts";
import { seedCustomer } from "./seed.ts";

const usageRequest = z.strictObject({
  customer: z.string(),
  spend_usd: z.number(),
  requests: z.number().int().nonnegative().default(1),
  date: z.string().refine(isDay, "not a day, YYYY-MM-DD").optional(),
});
const clockRequest = z.strictObject({ customer: z.string(), advance_ms: z.number() });
const trafficRequest = z.strictObject({ customer: z.string(), on: z.boolean() });

export function controlRoutes(deps: {
  customers: CustomerStore;
  tokens: TokenIssuer;
  faults: Faults;
  log: RequestLog;
}) {
  const { customers, tokens, faults, log } = deps;

  function existing(ref: string): Account {
    const account = accountOf(parseRef(ref), customers);
    if (!account) throw errorResponse(404, "not_found", `No Customer ${ref}.`);
    return account;
  }

  const refOf = (request: Request) => withBothIds(parseRef(query(request, "customer") ?? "*"), customers);

  return [
    healthHandler,

    http.post("/__control/customers", async ({ request }) =>
      HttpResponse.json(customers.replace(await controlBody(request, seedCustomer)).row()),
    ),

    http.get("/__control/customers", ({ request }) => {
      const externalId = query(request, "external_id");
      const rows = customers
        .all()
        .filter((account) => externalId === null || account.externalId === externalId);
      return HttpResponse.json(rows.map((account) => account.row()));
    }),

    http.get<{ ref: string }>("/__control/customers/:ref", ({ params }) => {
      const account = existing(params.ref);
      return HttpResponse.json({ customer: account.row(), days: account.days() });
    }),

    http.delete<{ ref: string }>("/__control/customers/:ref", ({ params }) => {
      customers.remove(existing(params.ref));
      return HttpResponse.json({ ok: true });
    }),

    http.post("/__control/usage", async ({ request }) => {
      const { customer, spend_usd, requests, date } = await controlBody(request, usageRequest);
      const account = existing(customer);
      account.use(micros(spend_usd), requests, date);
      return HttpResponse.json(account.row());
    }),

    http.post("/__control/faults", async ({ request }) => {
      const fault = await controlBody(request, faultRequest);
      if (fault.fault !== "expire_now") faults.arm(fault);
      else tokens.revoke(fault.customer === "*" ? null : existing(fault.customer).id);
      return HttpResponse.json({ ok: true });
    }),

    http.delete("/__control/faults", ({ request }) => {
      faults.disarm(refOf(request));
      return HttpResponse.json({ ok: true });
    }),

    http.post("/__control/clock", async ({ request }) => {
      const { customer, advance_ms } = await controlBody(request, clockRequest);
      const account = existing(customer);
      account.setClock(advance_ms);
      return HttpResponse.json({ now: account.now() });
    }),

    http.post("/__control/traffic", async ({ request }) => {
      const { customer, on } = await controlBody(request, trafficRequest);
      existing(customer).setTraffic(on);
      return HttpResponse.json({ ok: true });
    }),

    http.get("/__control/requests", ({ request }) => {
      const requests = log.query({
        since: Number(query(request, "since") ?? 0),
        customer: refOf(request),
        pathPrefix: query(request, "path_prefix") ?? "",
        method: query(request, "method"),
      });
      return HttpResponse.json({ requests });
    }),

    http.get("/__control/tokens", ({ request }) => {
      const customer = query(request, "customer");
      return HttpResponse.json({ tokens: tokens.list(customer === null ? null : existing(customer).id) });
    }),
  ];
}

const query = (request: Request, name: string) => new URL(request.url).searchParams.get(name);
