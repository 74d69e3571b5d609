/** APP_ORIGIN as people's browsers meet it: name, certificate, and who answers there. */
import { isLoopback } from "#adapters/loopback.ts";
import { type Reply, Unreachable } from "../ask.ts";
import { certificateOf } from "../certificate.ts";
import type { Context } from "../check.ts";
import { type Finding, failure, notChecked, ok, warning } from "../finding.ts";

const VARIABLE = "APP_ORIGIN";
const SOON_MS = 14 * 86_400_000;

export async function origin({ subject, ask, timeoutMs }: Context): Promise<Finding[]> {
  const { origin: address, production } = subject;
  if (!address) return [notChecked("there is none", "mend what `configuration` says first")];
  if (/(^|\.)example\.(com|org|net)$/.test(address.hostname))
    return [failure(VARIABLE, "is the example's", "set it to the origin that people open")];

  const local = production && isLoopback(address);
  const findings = local
    ? [
        warning(
          VARIABLE,
          "is loopback: nobody but this machine can open it",
          "set it to the origin that people open",
        ),
      ]
    : [];
  try {
    const certificate = address.protocol === "https:" ? await checkCertificate(address, timeoutMs) : [];
    // Over a bad certificate there is nothing to ask.
    if (certificate.some(({ status }) => status === "failure")) return [...findings, ...certificate];
    return [...findings, ...certificate, whoAnswers(address, await ask(new URL("/healthz", address)))];
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return [
      ...findings,
      warning(VARIABLE, error.message, "before the first deployment that is as it should be"),
    ];
  }
}

async function checkCertificate(address: URL, timeoutMs: number): Promise<Finding[]> {
  const { fault, validTo } = await certificateOf(address, timeoutMs);
  const day = validTo.toISOString().slice(0, 10);
  if (fault)
    return [
      failure(
        VARIABLE,
        `${fault} (valid to ${day})`,
        "renew or mend the certificate there, or set another origin",
      ),
    ];
  if (validTo.getTime() - Date.now() < SOON_MS)
    return [warning(VARIABLE, `has a certificate that ends on ${day}`, "see why it was not renewed")];
  return [ok(`the certificate of ${address.host} is good until ${day}`)];
}

function whoAnswers(address: URL, reply: Reply): Finding {
  if (isThisApp(reply)) return ok(`this app answers at ${address.origin}`);
  const target = redirectOf(address, reply);
  // To the same page elsewhere: that is where people are, and tokens locked to this origin fail there.
  if (target && target.origin !== address.origin && target.pathname === "/healthz")
    return failure(VARIABLE, `sends people on to ${target.origin}`, `set it to ${target.origin}`);
  if (target || reply.status === 401 || reply.status === 403)
    return warning(
      VARIABLE,
      `wants a sign-in before it answers (${reply.status})`,
      "fine if a proxy in front does that for you",
    );
  if (reply.status >= 500)
    return warning(
      VARIABLE,
      `answers ${reply.status}`,
      "before the first deployment that is as it should be",
    );
  return failure(
    VARIABLE,
    `is answered by something that is not this app (${reply.status})`,
    "set it to the origin that people open",
  );
}

/** By its `/healthz`, which says so and nothing else. */
export const isThisApp = ({ status, text }: Reply) => status === 200 && text.trim() === "ok";

function redirectOf(address: URL, { status, headers }: Reply): URL | null {
  const location = headers.get("location");
  if (status < 300 || status >= 400 || !location || !URL.canParse(location, address.href)) return null;
  return new URL(location, address);
}
