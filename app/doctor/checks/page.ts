/** A real Client Token in the place of a page: what it opens, and what it must not. */
import {
  dailyUsageQuery,
  parseClientToken,
  parseCustomer,
  parseDailyUsage,
  paths,
} from "#app/ringside/contract.ts";
import { drift, type Finding, failure, notChecked, ok, unreadable, warning, withRingside } from "../check.ts";
import type { Reply } from "../http.ts";
import { answerOf, type RingsideClient, sinceLastWeek } from "../ringside.ts";

const ELSEWHERE = "https://doctor.invalid";

/** Says nothing where there is no Customer or no token: `contract` and `mint` have said why. */
export const page = withRingside(async (ringside, { origin }) => {
  const id = await ringside.customerId();
  const token = id && tokenIn(await ringside.mint(id));
  if (!id || !token || !origin) return [];
  const authorization = `Client ${token}`;
  const usage = `${paths.usage}?${dailyUsageQuery(sinceLastWeek())}`;
  const ask = (path: string, from = origin.origin) => ringside.asPage(path, authorization, from);
  const [row, days, elsewhere, outside] = await Promise.all([
    ask(paths.customer(id)),
    ask(usage),
    ask(paths.customer(id), ELSEWHERE),
    outsideIts(ringside, ask),
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

async function outsideIts(ringside: RingsideClient, ask: (path: string) => Promise<Reply>): Promise<Finding> {
  const path = ringside.externalId === null ? paths.customers : paths.customerUsage(ringside.externalId);
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

/** Whether Ringside lets pages of APP_ORIGIN ask at all: what a browser checks before any token counts. */

const VARIABLE = "APP_ORIGIN";
const ADVICE = "set it to the origin people open; if it is, allow that origin in your Ringside dashboard";

export const cors = withRingside(async (ringside, { origin }) => {
  if (!origin) return [notChecked("there is no APP_ORIGIN", "fix what `origin` reports first")];
  const [row, usage, unauthorized] = await Promise.all([
    preflight(ringside, paths.customer("cus_doctor"), origin.origin),
    preflight(ringside, paths.usage, origin.origin),
    ringside.asPage(paths.customer("cus_doctor"), "Client doctor-invalid-credential", origin.origin),
  ]);
  return [row, usage, readableRefusal(unauthorized, origin.origin)];
});

async function preflight(ringside: RingsideClient, path: string, origin: string): Promise<Finding> {
  const reply = await ringside.preflight(path, origin);
  const what = path === paths.usage ? "usage" : "the Customer's row";
  if (reply.status < 200 || reply.status > 299)
    return failure(
      VARIABLE,
      `may not ask for ${what}: the preflight is answered by ${answerOf(reply)}`,
      ADVICE,
    );
  if (!mayRead(reply, origin)) return failure(VARIABLE, `is not allowed to read ${what}`, ADVICE);
  // Browsers do not count Authorization under a `*`.
  const headers = (reply.headers.get("access-control-allow-headers") ?? "").toLowerCase().split(/\s*,\s*/);
  if (!headers.includes("authorization"))
    return failure(
      VARIABLE,
      `may not send a token for ${what}: Authorization is not among the allowed headers`,
      ADVICE,
    );
  return ok(`pages of ${origin} may ask for ${what}`);
}

/** A page that cannot read a 401 cannot tell an expired token from a dead network. */
function readableRefusal(reply: Reply, origin: string): Finding {
  if (reply.status !== 401)
    return warning(
      [],
      `a token that is none is answered by ${answerOf(reply)} instead of 401`,
      "renewal goes by the clock; only an early end goes unnoticed",
    );
  return mayRead(reply, origin)
    ? ok("and may read why a token is refused")
    : warning(VARIABLE, "may not read refusals, so an expired token looks like a dead network", ADVICE);
}

function mayRead({ headers }: Reply, origin: string): boolean {
  const allowed = headers.get("access-control-allow-origin");
  return allowed === "*" || allowed === origin;
}
