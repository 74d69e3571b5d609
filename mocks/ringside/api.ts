/** The routes below `/v1`: Customers, daily usage, both documented mints, and chat completions. */
import { randomUUID } from "node:crypto";
import { HttpResponse, http } from "msw";
import * as z from "zod/mini";
import {
  createCustomerRequest,
  customerMintRequest,
  errorBody,
  mintRequest,
} from "#app/ringside/contract.ts";
import type { Auth, Grant, TokenIssuer } from "./auth.ts";
import { isDay } from "./calendar.ts";
import type { Account, CustomerStore } from "./customers.ts";
import { errorResponse, type Idempotency, invalid, notFound, readBody } from "./http.ts";
import { usd } from "./money.ts";
import { seedCustomer } from "./seed.ts";

interface ApiDeps {
  auth: Auth;
  customers: CustomerStore;
  tokens: TokenIssuer;
  idempotency: Idempotency;
  /** The real clock, in milliseconds; a Customer's own is `Account.now`. */
  now(): number;
}

/** The routes that browsers poll come first: MSW tries handlers in order. */
export const apiRoutes = (deps: ApiDeps) => [
  ...customerRoutes(deps),
  ...usageRoutes(deps),
  ...tokenRoutes(deps),
  ...chatRoutes(deps),
  http.all("*", () => notFound()),
];

function customerRoutes({ auth, customers, idempotency }: ApiDeps) {
  return [
    http.get<{ ref: string }>("/v1/customers/:ref", async ({ request, params }) => {
      const caller = await auth.requireCaller(request);
      const account = customers.find(params.ref);
      // 404 for another tenant's Customer, so that a token cannot be used to find out which ids exist.
      if (!account || (caller.kind === "client" && caller.customerId !== account.id)) return notFound();
      return HttpResponse.json(account.row());
    }),

    http.post("/v1/customers", async ({ request }) => {
      await auth.requireKey(request);
      const body = await readBody(request, createCustomerRequest);
      if (body.external_id.startsWith("ext:")) {
        throw invalid("external_id is stored without the ext: prefix.");
      }
      const { external_id, name, metadata, budget_usd } = body;
      const key = request.headers.get("idempotency-key");
      return idempotency.once(key, body, () => {
        const account = customers.create(seedCustomer.parse({ external_id, name, metadata, budget_usd }));
        return account
          ? { status: 201, body: account.row() }
          : { status: 409, body: errorBody("external_id_taken", "A Customer with this external_id exists.") };
      });
    }),

    http.get("/v1/customers", async ({ request }) => {
      await auth.requireKey(request);
      const externalId = new URL(request.url).searchParams.get("external_id");
      const data = customers
        .all()
        .filter((account) => externalId === null || account.externalId === externalId)
        .map((account) => account.row());
      return HttpResponse.json({ data, has_more: false, next_cursor: null });
    }),

    http.get<{ ref: string }>("/v1/customers/:ref/wallet", async ({ request, params }) => {
      await auth.requireKey(request);
      const wallet = customers.find(params.ref)?.wallet;
      return wallet ? HttpResponse.json(wallet.statement()) : notFound();
    }),
  ];
}

/** Both documented routes answer a bare array, oldest day first; days without usage are absent. */
function usageRoutes({ auth, customers }: ApiDeps) {
  return [
    http.get("/v1/usage", async ({ request }) => {
      const caller = await auth.requireCaller(request);
      const wanted = new URL(request.url).searchParams.get("customer_id");
      if (caller.kind === "server" && wanted === null) throw invalid("customer_id is missing.");
      const account = customers.find(wanted ?? (caller.kind === "client" ? caller.customerId : ""));
      if (!account || (caller.kind === "client" && caller.customerId !== account.id)) return notFound();
      return daily(account, request);
    }),

    http.get<{ ref: string }>("/v1/customers/:ref/usage", async ({ request, params }) => {
      await auth.requireKey(request);
      const account = customers.find(params.ref);
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

const DEFAULT_TTL_SECONDS = 900;

/** Both documented mints. They differ in how they name the Customer, the origin and the endpoints. */
function tokenRoutes({ auth, customers, tokens }: ApiDeps) {
  async function mint(account: Account | undefined, grant: Omit<Grant, "customerId">): Promise<Response> {
    if (!account) throw errorResponse(404, "customer_not_found", "No such Customer.");
    for (const origin of grant.origins) {
      if (!isOrigin(origin)) throw invalid(`${origin} is not an origin, such as https://app.example.`);
    }
    for (const endpoint of grant.endpoints) {
      if (!/^\/v1\/[^?#\s]+$/.test(endpoint)) throw invalid(`${endpoint} is not a path, such as /v1/usage.`);
    }
    const ttlSeconds = account.tokenTtlSeconds(grant.ttlSeconds);
    return HttpResponse.json(
      await tokens.mint({ customerId: account.id, ...grant, ttlSeconds }, account.now()),
      { status: 201 },
    );
  }

  return [
    http.post("/v1/client_tokens", async ({ request }) => {
      await auth.requireKey(request);
      const body = await readBody(request, mintRequest);
      return mint(customers.byId(body.customer), {
        origins: [body.origin],
        // No list allows no endpoint: a forgotten list must not open all of them.
        endpoints: body.allowed_endpoints ?? [],
        ttlSeconds: body.ttl_seconds ?? DEFAULT_TTL_SECONDS,
      });
    }),

    http.post<{ ref: string }>("/v1/customers/:ref/client_tokens", async ({ request, params }) => {
      await auth.requireKey(request);
      const body = await readBody(request, customerMintRequest);
      const account = customers.find(params.ref);
      return mint(account, {
        origins: body.origin_allowlist,
        endpoints: (body.scope ?? []).map((scope) => endpointOf(scope, account?.id ?? "")),
        ttlSeconds: body.ttl_seconds ?? DEFAULT_TTL_SECONDS,
      });
    }),
  ];
}

/** Ringside documents the scope `chat` only; `customer` and `usage` are ours, and a path stands for itself. */
function endpointOf(scope: string, customerId: string): string {
  switch (scope) {
    case "chat":
      return "/v1/chat/completions";
    case "customer":
      return `/v1/customers/${customerId}`;
    case "usage":
      return "/v1/usage";
    default:
      return scope;
  }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

const chatRequest = z.looseObject({
  model: z.string().check(z.minLength(1)),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })).check(z.minLength(1)),
  user: z.optional(z.string()),
  stream: z.optional(z.boolean()),
});

/** In millionths of a USD per token, those of a mid-priced model. */
const PROMPT_MICROS = 3;
const COMPLETION_MICROS = 15;
const REPLY = "Hello from the mock Ringside. This call is on your dashboard now.";

/** Enough of a chat completion that a first call, copied from the dashboard, really costs something. */
function chatRoutes({ auth, customers, now }: ApiDeps) {
  return [
    http.post("/v1/chat/completions", async ({ request }) => {
      await auth.requireKey(request);
      const body = await readBody(request, chatRequest);
      if (body.stream) throw invalid("The mock does not stream.");
      const account = customerOf(request.headers.get("fc-customer") ?? body.user, customers);
      if (account?.overBudget()) {
        throw errorResponse(402, "customer_budget_exceeded", "The Customer's budget is used up.");
      }
      if (account?.wallet?.empty)
        throw errorResponse(402, "customer_wallet_empty", "The Customer's wallet is empty.");

      const usage = {
        prompt_tokens: tokensIn(JSON.stringify(body.messages)),
        completion_tokens: tokensIn(REPLY),
      };
      const cost = usage.prompt_tokens * PROMPT_MICROS + usage.completion_tokens * COMPLETION_MICROS;
      account?.use(cost, 1);
      return HttpResponse.json(
        {
          id: `chatcmpl_${randomUUID()}`,
          object: "chat.completion",
          created: Math.floor((account?.now() ?? now()) / 1000),
          model: body.model,
          choices: [{ index: 0, message: { role: "assistant", content: REPLY }, finish_reason: "stop" }],
          usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens },
        },
        { headers: walletHeaders(account, cost) },
      );
    }),
  ];
}

/** The Customer that the call is for; an unknown name becomes a Customer. Undefined when the call names none. */
function customerOf(name: string | undefined, customers: CustomerStore): Account | undefined {
  if (!name) return undefined;
  const known = customers.find(name) ?? customers.byExternalId(name);
  if (known) return known;
  if (name.startsWith("cus_")) throw errorResponse(404, "customer_not_found", "No such Customer.");
  return customers.replace(seedCustomer.parse({ external_id: name.replace(/^ext:/, "") }));
}

/** A common estimate: four characters per token. */
const tokensIn = (text: string) => Math.ceil(text.length / 4);

const walletHeaders = (account: Account | undefined, cost: number): Record<string, string> =>
  account?.wallet
    ? {
        "x-ringside-wallet-balance": String(account.wallet.balanceUsd),
        "x-ringside-wallet-deducted": String(usd(cost)),
      }
    : {};
