/** A real Client Token in the place of a page: what it opens, and what it must not. */
import {
  dailyUsageQuery,
  parseClientToken,
  parseCustomer,
  parseDailyUsage,
  paths,
} from "#app/ringside/contract.ts";
import type { Reply } from "../ask.ts";
import { withRingside } from "../check.ts";
import { drift, type Finding, failure, ok } from "../finding.ts";
import { unreadable } from "../reading.ts";
import { answerOf, sinceLastWeek, type Visit } from "../visit.ts";
import { mayRead } from "./cors.ts";

const ELSEWHERE = "https://doctor.invalid";

/** Says nothing where there is no Customer or no token: `contract` and `mint` have said why. */
export const page = withRingside(async (visit, { origin }) => {
  const id = await visit.customerId();
  const token = id && tokenIn(await visit.mint(id));
  if (!id || !token || !origin) return [];
  const authorization = `Client ${token}`;
  const usage = `${paths.usage}?${dailyUsageQuery(sinceLastWeek())}`;
  const ask = (path: string, from = origin.origin) => visit.asPage(path, authorization, from);
  const [row, days, elsewhere, outside] = await Promise.all([
    ask(paths.customer(id)),
    ask(usage),
    ask(paths.customer(id), ELSEWHERE),
    outsideIts(visit, ask),
  ]);
  return [
    opens(row, origin.origin, "its Customer's row", (body) => parseCustomer(body)),
    opens(days, origin.origin, "daily usage", (body) => parseDailyUsage(body)),
    locked(elsewhere),
    outside,
  ];
}, []);

function opens(reply: Reply, origin: string, what: string, parse: (body: unknown) => unknown): Finding {
  if (reply.status === 403)
    return failure(
      "APP_ORIGIN",
      `may not use its own token for ${what} (${answerOf(reply)})`,
      "set it to the exact origin people open",
    );
  if (reply.status !== 200) return drift(`a fresh token for ${what} is answered by ${answerOf(reply)}`);
  if (!mayRead(reply, origin))
    return failure("APP_ORIGIN", `may not read ${what}`, "allow that origin in your Ringside dashboard");
  try {
    parse(reply.body);
    return ok(`the token opens ${what}`);
  } catch (error) {
    return unreadable(error);
  }
}

function locked(reply: Reply): Finding {
  return reply.status === 401 || reply.status === 403
    ? ok("it opens nothing for a page of another origin")
    : failure(
        "CLIENT_TOKEN_TTL_SECONDS",
        `is all that limits a stolen token: pages of any origin can use it (${answerOf(reply)})`,
        "set it to 60, and tell Ringside that tokens are not locked to their origin",
      );
}

async function outsideIts(visit: Visit, ask: (path: string) => Promise<Reply>): Promise<Finding> {
  const path = visit.externalId === null ? paths.customers : paths.customerUsage(visit.externalId);
  const reply = await ask(path);
  return reply.status >= 400
    ? ok("it opens no other endpoint")
    : failure(
        "CLIENT_TOKEN_TTL_SECONDS",
        `is all that limits a stolen token: it opens more than its two endpoints (${answerOf(reply)})`,
        "set it to 60, and tell Ringside that the whitelist is not honoured",
      );
}

function tokenIn({ status, body }: Reply): string | null {
  if (status >= 300) return null;
  try {
    return parseClientToken(body).token;
  } catch {
    return null;
  }
}
