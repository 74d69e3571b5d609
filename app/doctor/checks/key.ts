/** Address and key of Ringside, by a look-up that must answer "not found" to us and "no" to a stranger. */
import type { Reply } from "../ask.ts";
import type { Context } from "../check.ts";
import { type Finding, failure, notChecked, ok, warning } from "../finding.ts";
import { answerOf, isRefusal } from "../visit.ts";

const KEY = "RINGSIDE_API_KEY";
const ADDRESS = "RINGSIDE_API_URL";
const BASE = "set it to the API base, which ends in a version, e.g. https://api.fightclub.pro/v1";

export async function key({ visit, subject }: Context): Promise<Finding[]> {
  if (!visit)
    return [notChecked("the address or the key is at fault", "mend what `configuration` says first")];
  const [known, stranger] = await Promise.all([visit.lookUp(), visit.stranger()]);
  return [judge(known, stranger, subject.ringside?.url)];
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
  // A page that is not there says 404 to everybody; only Ringside tells us from a stranger.
  if (!isRefusal(stranger))
    return failure(
      ADDRESS,
      `says 404 without looking at the key${versioned ? "" : ", and has no version in it"}`,
      BASE,
    );
  return ok("Ringside accepts the key");
}
