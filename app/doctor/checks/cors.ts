/** Whether Ringside lets pages of APP_ORIGIN ask at all: what a browser checks before any token counts. */
import { paths } from "#app/ringside/contract.ts";
import type { Reply } from "../ask.ts";
import { withRingside } from "../check.ts";
import { type Finding, failure, notChecked, ok, warning } from "../finding.ts";
import { answerOf, type Visit } from "../visit.ts";

const VARIABLE = "APP_ORIGIN";
const ADVICE = "set it to the origin people open; if it is, allow that origin in your Ringside dashboard";

export const cors = withRingside(async (visit, { origin }) => {
  if (!origin) return [notChecked("there is no APP_ORIGIN", "mend what `origin` says first")];
  const [row, usage, unauthorized] = await Promise.all([
    preflight(visit, paths.customer("cus_doctor"), origin.origin),
    preflight(visit, paths.usage, origin.origin),
    visit.asPage(paths.customer("cus_doctor"), "Client doctor-is-nobody", origin.origin),
  ]);
  return [row, usage, readableRefusal(unauthorized, origin.origin)];
});

async function preflight(visit: Visit, path: string, origin: string): Promise<Finding> {
  const reply = await visit.preflight(path, origin);
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

export function mayRead({ headers }: Reply, origin: string): boolean {
  const allowed = headers.get("access-control-allow-origin");
  return allowed === "*" || allowed === origin;
}
