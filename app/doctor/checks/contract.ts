/** Customers and usage as the real account answers them, against what app/ringside/contract.ts reads. */
import { parseDailyUsage } from "#app/ringside/contract.ts";
import type { Reply } from "../ask.ts";
import { withRingside } from "../check.ts";
import { drift, type Finding, failure, notChecked, ok, warning } from "../finding.ts";
import { readRow, unreadable } from "../reading.ts";
import { answerOf, type Visit } from "../visit.ts";
import { creation } from "./creation.ts";

export const contract = (create: boolean) =>
  withRingside(async (visit) => {
    const refusals = envelope(await visit.lookUp());
    const { externalId } = visit;
    const reply = await visit.customer();
    if (externalId === null || reply === null) return [refusals, NO_CUSTOMER];
    const findings = create ? await creation(visit, externalId, reply) : [found(reply)];
    // Without a row there is nothing to compare.
    if ((await visit.customerId()) === null) return [refusals, ...findings];
    return [refusals, ...findings, identity(reply, externalId), await daily(visit, externalId)];
  });

const NO_CUSTOMER = notChecked(
  "rows, usage and Client Tokens, for want of a Customer",
  "add --external-id <one you have>, or --create to make one",
);

function envelope(reply: Reply): Finding {
  const answer = answerOf(reply);
  return answer === String(reply.status)
    ? drift("Ringside's refusals carry no error code where we look for one")
    : ok(`a Customer that is not there is answered by ${answer}`);
}

function found(reply: Reply): Finding {
  if (reply.status === 404)
    return failure(
      "--external-id",
      "names no Customer of this account",
      "give one that has made a call, or use --create",
    );
  return reply.status === 200 ? readRow(reply) : drift(`a look-up is answered by ${answerOf(reply)}`);
}

/** external_ids are stored bare; with `ext:` inside, calls and dashboards would be of two Customers. */
function identity({ body }: Reply, externalId: string): Finding {
  const stored = (body as { external_id?: unknown }).external_id;
  if (stored === undefined || stored === null) return ok("rows do not repeat the external_id");
  return stored === externalId
    ? ok("the external_id is stored as it was sent")
    : drift("the external_id is stored otherwise than it was sent");
}

/** The server's own route for the bars of the first paint. */
async function daily(visit: Visit, externalId: string): Promise<Finding> {
  const reply = await visit.dailyUsage(externalId);
  if (reply.status !== 200)
    return warning(
      [],
      `the server cannot read daily usage (${answerOf(reply)})`,
      "nothing: pages fetch it themselves, a moment later",
    );
  try {
    return ok(`daily usage can be read (days since last week: ${parseDailyUsage(reply.body).length})`);
  } catch (error) {
    return unreadable(error);
  }
}
