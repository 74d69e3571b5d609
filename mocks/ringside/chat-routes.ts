/** `POST /v1/chat/completions`: enough of it that a first call, copied from the dashboard, really costs something. */
import { randomUUID } from "node:crypto";
import { HttpResponse, http } from "msw";
import * as z from "zod/mini";
import type { Account } from "./account.ts";
import type { Ledger } from "./ledger.ts";
import { usd } from "./money.ts";
import { invalid, readBody, refusal } from "./refuse.ts";
import { seedCustomer } from "./seed.ts";
import type { World } from "./world.ts";

const chatRequest = z.looseObject({
  model: z.string().check(z.minLength(1)),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })).check(z.minLength(1)),
  user: z.optional(z.string()),
  stream: z.optional(z.boolean()),
});

/** In millionths of a USD per token, those of a middling model. */
const PROMPT_MICROS = 3;
const COMPLETION_MICROS = 15;
const REPLY = "Hello from the mock Ringside. This call is on your dashboard now.";

export function chatRoutes({ gate, ledger, now }: World) {
  return [
    http.post("/v1/chat/completions", async ({ request }) => {
      await gate.server(request);
      const body = await readBody(request, chatRequest);
      if (body.stream) throw invalid("The mock does not stream.");
      const account = attribute(request.headers.get("fc-customer") ?? body.user, ledger);
      if (account?.overBudget()) {
        throw refusal(402, "customer_budget_exceeded", "The Customer's budget is used up.");
      }
      if (account?.wallet?.empty)
        throw refusal(402, "customer_wallet_empty", "The Customer's wallet is empty.");

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

/** Whose call it is; a name never seen before becomes a Customer. Undefined when the call is nobody's. */
function attribute(name: string | undefined, ledger: Ledger): Account | undefined {
  if (!name) return undefined;
  const known = ledger.find(name) ?? ledger.byExternalId(name);
  if (known) return known;
  if (name.startsWith("cus_")) throw refusal(404, "customer_not_found", "No such Customer.");
  return ledger.replace(seedCustomer.parse({ external_id: name.replace(/^ext:/, "") }));
}

/** The usual rule of thumb. */
const tokensIn = (text: string) => Math.ceil(text.length / 4);

const walletHeaders = (account: Account | undefined, cost: number): Record<string, string> =>
  account?.wallet
    ? {
        "x-ringside-wallet-balance": String(account.wallet.balanceUsd),
        "x-ringside-wallet-deducted": String(usd(cost)),
      }
    : {};
