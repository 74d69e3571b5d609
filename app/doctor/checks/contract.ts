/** Customers and usage as the real account answers them, against what app/ringside/contract.ts reads. */
import { parseCustomer, parseDailyUsage } from "#app/ringside/contract.ts";
import {
  drift,
  type Finding,
  failure,
  notChecked,
  ok,
  readRow,
  unreadable,
  warning,
  withRingside,
} from "../check.ts";
import type { Reply } from "../http.ts";
import { answerOf, isRefusal, NAME, type RingsideClient } from "../ringside.ts";

export const contract = (create: boolean) =>
  withRingside(async (ringside) => {
    const refusals = envelope(await ringside.lookUp());
    const { externalId } = ringside;
    const reply = await ringside.customer();
    if (externalId === null || reply === null) return [refusals, NO_CUSTOMER];
    const findings = create ? await creation(ringside, externalId, reply) : [found(reply)];
    // Without a row there is nothing to compare.
    if ((await ringside.customerId()) === null) return [refusals, ...findings];
    return [
      refusals,
      ...findings,
      identity(reply, externalId),
      ...(await confusions(ringside, externalId)),
      await daily(ringside, externalId),
    ];
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
  if (stored === undefined || stored === null)
    return warning(
      [],
      "rows do not repeat the external_id, so that another Customer's row could not be told",
      "ask Ringside whether external_ids are compared exactly",
    );
  return stored === externalId
    ? ok("the external_id is stored as it was sent")
    : drift("the external_id is stored otherwise than it was sent");
}

const swapCase = (text: string) =>
  [...text]
    .map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
    .join("");

/** external_ids that are not this one, and that a careless comparison takes for it. */
const LOOK_ALIKES: [how: string, change: (externalId: string) => string][] = [
  ["in another case", swapCase],
  ["with a space after it", (externalId) => `${externalId} `],
  [
    "with another last character",
    (externalId) => externalId.slice(0, -1) + (externalId.endsWith("0") ? "1" : "0"),
  ],
  ["in another Unicode form", (externalId) => externalId.normalize("NFD")],
];

/** Whether Ringside finds this Customer by an external_id that only looks the same. This app refuses such a row. */
async function confusions(ringside: RingsideClient, externalId: string): Promise<Finding[]> {
  const others = LOOK_ALIKES.map(([how, change]) => ({ how, id: change(externalId) })).filter(
    ({ id }) => id !== externalId && id.trim() !== "",
  );
  const customerId = await ringside.customerId();
  const replies = await Promise.all(others.map(({ id }) => ringside.byExternalId(id)));
  const found = others.filter((_other, index) => {
    const { status, body } = replies[index] ?? { status: 0, body: null };
    return status === 200 && (body as { id?: unknown } | null)?.id === customerId;
  });
  if (found.length === 0) return [ok("external_ids that only look the same are other Customers")];
  return found.map(({ how }) =>
    failure(
      [],
      `the Customer is found by its external_id ${how}: of two such users one sees no figures`,
      "ask Ringside to compare external_ids exactly",
    ),
  );
}

/** The server's own route for the bars of the first paint. */
async function daily(ringside: RingsideClient, externalId: string): Promise<Finding> {
  const reply = await ringside.dailyUsage(externalId);
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

/** `--create`: makes a Customer, and sees whether making it again does no harm. */

/** @param created the answer to the first creation */
async function creation(ringside: RingsideClient, externalId: string, created: Reply): Promise<Finding[]> {
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
    await ringside.create(externalId, NAME, `doctor-${externalId}`),
    await ringside.create(externalId, `${NAME} (again)`, `doctor-again-${externalId}`),
    await ringside.byExternalId(externalId),
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
