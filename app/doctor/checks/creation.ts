/** `--create`: makes a Customer, and sees whether making it again does no harm. */
import { parseCustomer } from "#app/ringside/contract.ts";
import type { Reply } from "../ask.ts";
import { drift, type Finding, failure, ok, warning } from "../finding.ts";
import { readRow } from "../reading.ts";
import { answerOf, isRefusal, NAME, type Visit } from "../visit.ts";

/** @param created the answer to the first creation */
export async function creation(visit: Visit, externalId: string, created: Reply): Promise<Finding[]> {
  if (isRefusal(created))
    return [
      failure(
        "RINGSIDE_API_KEY",
        `may not create Customers (${answerOf(created)})`,
        "give the key that scope in your Ringside dashboard",
      ),
    ];
  if (!isMade(created)) return [drift(`creating a Customer is answered by ${answerOf(created)}`)];
  const readable = readRow(created);
  if (readable.status !== "ok") return [readable];

  const [replayed, another, lookedUp] = [
    await visit.create(externalId, NAME, `doctor-${externalId}`),
    await visit.create(externalId, `${NAME} (again)`, `doctor-again-${externalId}`),
    await visit.byExternalId(externalId),
  ];
  return [
    ok("a Customer was made"),
    readable,
    again(created, replayed, "the same Idempotency-Key"),
    again(created, another, "another Idempotency-Key"),
    lookUp(created, lookedUp),
    warning(
      [],
      `the Customer ${externalId} stays in your account`,
      "delete it in your Ringside dashboard when you like",
    ),
  ];
}

/** A conflict is as good as the same row: the app looks up again. Another row is one person with two dashboards. */
function again(created: Reply, reply: Reply, how: string): Finding {
  if (reply.status === 409) return ok(`creating it again with ${how} is a conflict`);
  if (!isMade(reply)) return drift(`creating it again with ${how} is answered by ${answerOf(reply)}`);
  return sameCustomer(created, reply)
    ? ok(`creating it again with ${how} answers the same Customer`)
    : drift(`creating it again with ${how} makes a second Customer`);
}

function lookUp(created: Reply, reply: Reply): Finding {
  return reply.status === 200 && sameCustomer(created, reply)
    ? ok("it is found again by its external_id")
    : drift(`it is not found by its percent-encoded external_id (${answerOf(reply)})`);
}

const isMade = ({ status }: Reply) => status === 200 || status === 201;

function sameCustomer(one: Reply, other: Reply): boolean {
  try {
    return parseCustomer(one.body).id === parseCustomer(other.body).id;
  } catch {
    return false;
  }
}
