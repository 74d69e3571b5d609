/** `/v1/customers`: look up, create, list, wallet. */
import { HttpResponse, http } from "msw";
import { createCustomerRequest, errorBody } from "#app/ringside/contract.ts";
import { invalid, notFound, readBody } from "./refuse.ts";
import { seedCustomer } from "./seed.ts";
import type { World } from "./world.ts";

export function customerRoutes({ gate, ledger, idempotency }: World) {
  return [
    http.get<{ ref: string }>("/v1/customers/:ref", async ({ request, params }) => {
      const caller = await gate.reader(request);
      const account = ledger.find(params.ref);
      // Another tenant's Customer is not refused but unknown, so that ids cannot be enumerated.
      if (!account || (caller.kind === "client" && caller.customerId !== account.id)) return notFound();
      return HttpResponse.json(account.row());
    }),

    http.post("/v1/customers", async ({ request }) => {
      await gate.server(request);
      const body = await readBody(request, createCustomerRequest);
      if (body.external_id.startsWith("ext:"))
        throw invalid("external_id is stored without the ext: prefix.");
      const { external_id, name, metadata, budget_usd } = body;
      const key = request.headers.get("idempotency-key");
      return idempotency.once(key, body, () => {
        const account = ledger.create(seedCustomer.parse({ external_id, name, metadata, budget_usd }));
        return account
          ? { status: 201, body: account.row() }
          : { status: 409, body: errorBody("external_id_taken", "A Customer with this external_id exists.") };
      });
    }),

    http.get("/v1/customers", async ({ request }) => {
      await gate.server(request);
      const externalId = new URL(request.url).searchParams.get("external_id");
      const data = ledger
        .all()
        .filter((account) => externalId === null || account.externalId === externalId)
        .map((account) => account.row());
      return HttpResponse.json({ data, has_more: false, next_cursor: null });
    }),

    http.get<{ ref: string }>("/v1/customers/:ref/wallet", async ({ request, params }) => {
      await gate.server(request);
      const wallet = ledger.find(params.ref)?.wallet;
      return wallet ? HttpResponse.json(wallet.statement()) : notFound();
    }),
  ];
}
