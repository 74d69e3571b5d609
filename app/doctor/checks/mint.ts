/** Client Tokens: may the key mint them, what does the answer look like, and how long do they live. */
import { randomBytes } from "node:crypto";
import { clientTokenAnswer, parseClientToken } from "#app/ringside/contract.ts";
import { drift, type Finding, failure, ok, unreadable, warning, withRingside } from "../check.ts";
import type { Reply } from "../http.ts";
import { answerOf, isRefusal, type RingsideClient } from "../ringside.ts";

const TTL = "CLIENT_TOKEN_TTL_SECONDS";
/** Ringside's `Date` is cut to the second, and its two clocks may be two machines. */
const TOLERANCE_SECONDS = 5;

export const mint = withRingside(async (ringside, { clientTokenTtlSeconds }) => {
  const id = await ringside.customerId();
  if (id === null) return [await forMissingCustomer(ringside)];
  const reply = await ringside.mint(id);
  if (isRefusal(reply)) return [forbidden(reply)];
  if (reply.status !== 200 && reply.status !== 201)
    return [drift(`a mint is answered by ${answerOf(reply)}`)];
  try {
    const { expiresAt } = parseClientToken(reply.body);
    return [ok("a Client Token was minted"), form(reply), lifetime(reply, expiresAt, clientTokenTtlSeconds)];
  } catch (error) {
    return [unreadable(error)];
  }
});

/** Asks for a token of a Customer that cannot exist: creates nothing, and still says whether the key may mint. */
async function forMissingCustomer(ringside: RingsideClient): Promise<Finding> {
  const reply = await ringside.mint(`cus_doctor${randomBytes(8).toString("hex")}`);
  if (isRefusal(reply)) return forbidden(reply);
  if (reply.status === 404)
    return ok("the key may mint Client Tokens (asked for a Customer that does not exist)");
  if (reply.status < 300)
    return failure(
      "RINGSIDE_API_URL",
      "mints tokens for Customers that do not exist",
      "set it to the API base of your account",
    );
  return warning(
    [],
    `a mint for a missing Customer is answered by ${answerOf(reply)}, which says little`,
    "add --external-id or --create to see a real one",
  );
}

const forbidden = (reply: Reply) =>
  failure(
    "RINGSIDE_API_KEY",
    `may not mint Client Tokens (${answerOf(reply)})`,
    "give the key the scope api:client_tokens in your Ringside dashboard",
  );

function form({ body }: Reply): Finding {
  const { expires_at: expiresAt } = clientTokenAnswer.parse(body);
  const seconds = typeof expiresAt === "number" || /^\d+$/.test(expiresAt);
  return ok(`expires_at is ${seconds ? "in Unix seconds" : "an ISO 8601 date"}`);
}

function lifetime({ headers, receivedAt }: Reply, expiresAt: number, wanted: number | null): Finding {
  const date = Date.parse(headers.get("date") ?? "");
  const seconds = Math.round((expiresAt - (Number.isNaN(date) ? receivedAt : date)) / 1000);
  if (wanted === null) return ok(`a token lives ${seconds} s`);
  if (Math.abs(seconds - wanted) <= TOLERANCE_SECONDS) return ok(`it lives ${wanted} s, as asked`);
  // A thousandfold lifetime is milliseconds read as seconds.
  if (seconds > 1e9)
    return drift("expires_at is neither Unix seconds nor ISO 8601; milliseconds, as it seems");
  if (seconds <= 0)
    return failure(TTL, "is not honoured: tokens have expired when they come", "tell Ringside");
  return seconds > wanted
    ? failure(
        TTL,
        `is not honoured: we asked for ${wanted} s and got ${seconds} s, which a thief has too`,
        seconds <= 3600 ? `set it to ${seconds} if you accept that, or tell Ringside` : "tell Ringside",
      )
    : failure(
        TTL,
        `is not honoured: we asked for ${wanted} s and got ${seconds} s`,
        `set it to ${Math.max(60, seconds)}`,
      );
}
