/** Ringside's address and key: a look-up must answer 404 to our key and refuse an unknown key. */
import { type Context, type Finding, failure, notChecked, ok, warning } from "../check.ts";
import type { Reply } from "../http.ts";
import { answerOf, isRefusal } from "../ringside.ts";

const KEY = "RINGSIDE_API_KEY";
const ADDRESS = "RINGSIDE_API_URL";
const BASE = "set it to the API base, which ends in a version, e.g. https://api.fightclub.pro/v1";

export async function key({ ringside, config }: Context): Promise<Finding[]> {
  if (!ringside)
    return [notChecked("the address or the key is at fault", "fix what `configuration` reports first")];
  const [known, stranger] = await Promise.all([ringside.lookUp(), ringside.stranger()]);
  return [judge(known, stranger, config.ringside?.url)];
}

function judge(known: Reply, stranger: Reply, url: URL | undefined): Finding {
  const versioned = /\/v\d+$/.test(url?.pathname ?? "");
  const { status } = known;
  if (status === 401)
    return failure(
      KEY,
      `is refused by Ringside (${answerOf(known)})`,
      "copy the server key again, or make a new one in your Ringside dashboard",
    );
  if (status === 403)
    return failure(
      KEY,
      `may not look up Customers (${answerOf(known)})`,
      "give the key that scope in your Ringside dashboard",
    );
  if (status === 429)
    return warning(KEY, "is over its rate limit at the moment", "run this again in a minute");
  if (status >= 500)
    return failure(ADDRESS, `answers ${answerOf(known)}`, "see Ringside's status page, then the address");
  if (status >= 300 && status < 400)
    return failure(ADDRESS, `sends us elsewhere (${status}), and a key does not follow`, BASE);
  if (status !== 404)
    return failure(ADDRESS, `answers ${answerOf(known)} when asked for a Customer that cannot exist`, BASE);
  // A wrong address answers 404 to any key; Ringside answers 401 to an unknown one.
  if (!isRefusal(stranger))
    return failure(
      ADDRESS,
      `says 404 without looking at the key${versioned ? "" : ", and has no version in it"}`,
      BASE,
    );
  return ok("Ringside accepts the key");
}

/** Compares this machine's clock with Ringside's: token expiry, certificates and sign-ins depend on it. */

const WARN_SECONDS = 30;
const FAIL_SECONDS = 300;

export async function clock({ ringside }: Context): Promise<Finding[]> {
  const reply = await ringside?.lookUp().catch(() => null);
  if (!reply) return [notChecked("Ringside does not answer", "fix what `key` reports first")];
  const skew = skewOf(reply);
  if (skew === null) return [notChecked("Ringside's answer has no Date", "see whether a proxy removes it")];
  const seconds = Math.round(Math.abs(skew) / 1000);
  if (seconds <= WARN_SECONDS)
    return [ok(`the clock agrees with Ringside's within ${Math.max(1, seconds)} s`)];
  const tell = seconds > FAIL_SECONDS ? failure : warning;
  return [
    tell(
      [],
      `this machine's clock is ${seconds} s ${skew > 0 ? "behind" : "ahead of"} Ringside's`,
      "set the clock of this machine by NTP, e.g. timedatectl set-ntp true; if it is right, tell Ringside",
    ),
  ];
}

/** Milliseconds that Ringside is ahead of us. A Date is cut to the second, so half of one is added. */
export function skewOf({
  headers,
  sentAt,
  receivedAt,
}: Pick<Reply, "headers" | "sentAt" | "receivedAt">): number | null {
  const theirs = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(theirs) ? null : theirs + 500 - (sentAt + receivedAt) / 2;
}
