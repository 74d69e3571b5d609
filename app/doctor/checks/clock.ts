/** This machine's clock against Ringside's: tokens, certificates and sign-ins are judged by the time. */
import type { Reply } from "../ask.ts";
import type { Context } from "../check.ts";
import { type Finding, failure, notChecked, ok, warning } from "../finding.ts";

const WARN_SECONDS = 30;
const FAIL_SECONDS = 300;

export async function clock({ visit }: Context): Promise<Finding[]> {
  const reply = await visit?.lookUp().catch(() => null);
  if (!reply) return [notChecked("Ringside does not answer", "mend what `key` says first")];
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
