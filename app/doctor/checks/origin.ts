/** APP_ORIGIN as people's browsers meet it: name, certificate, and who answers there. */
import { type Context, type Finding, failure, notChecked, ok, warning } from "../check.ts";
import { certificateOf, type Reply, Unreachable } from "../http.ts";

const ORIGIN = "APP_ORIGIN";
const EMBED = "EMBED_ORIGINS";
const SOON_MS = 14 * 86_400_000;

export async function origin({ config, ask, timeoutMs }: Context): Promise<Finding[]> {
  const { origin: address, exposed } = config;
  if (!address) return [notChecked("there is none", "fix what `configuration` reports first")];
  if (/(^|\.)example\.(com|org|net)$/.test(address.hostname))
    return [failure(ORIGIN, "is the example's", "set it to the origin that people open")];

  const findings = exposed
    ? []
    : [
        warning(
          ORIGIN,
          "is loopback: only this machine can open it",
          "set it to the origin that people open",
        ),
      ];
  try {
    const certificate = address.protocol === "https:" ? await checkCertificate(address, timeoutMs) : [];
    // Over a bad certificate there is nothing to ask.
    if (certificate.some(({ status }) => status === "failure")) return [...findings, ...certificate];
    return [...findings, ...certificate, whoAnswers(address, await ask(new URL("/healthz", address)))];
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return [
      ...findings,
      warning(ORIGIN, error.message, "before the first deployment that is as it should be"),
    ];
  }
}

async function checkCertificate(address: URL, timeoutMs: number): Promise<Finding[]> {
  const { fault, validTo } = await certificateOf(address, timeoutMs);
  const day = validTo.toISOString().slice(0, 10);
  if (fault)
    return [
      failure(
        ORIGIN,
        `${fault} (valid to ${day})`,
        "renew or fix the certificate there, or set another origin",
      ),
    ];
  if (validTo.getTime() - Date.now() < SOON_MS)
    return [warning(ORIGIN, `has a certificate that ends on ${day}`, "see why it was not renewed")];
  return [ok(`the certificate of ${address.host} is good until ${day}`)];
}

function whoAnswers(address: URL, reply: Reply): Finding {
  if (isThisApp(reply)) return ok(`this app answers at ${address.origin}`);
  const target = redirectOf(address, reply);
  // To the same page elsewhere: that is where people are, and tokens locked to this origin fail there.
  if (target && target.origin !== address.origin && target.pathname === "/healthz")
    return failure(ORIGIN, `sends people on to ${target.origin}`, `set it to ${target.origin}`);
  if (target || reply.status === 401 || reply.status === 403)
    return warning(
      ORIGIN,
      `wants a sign-in before it answers (${reply.status})`,
      "fine if a proxy in front does that for you",
    );
  if (reply.status >= 500)
    return warning(ORIGIN, `answers ${reply.status}`, "before the first deployment that is as it should be");
  return failure(
    ORIGIN,
    `is answered by something that is not this app (${reply.status})`,
    "set it to the origin that people open",
  );
}

/** By its `/healthz`, which says `ok` and the version. Before 1.0.0 it said `ok` alone. */
export const isThisApp = ({ status, text }: Reply) =>
  status === 200 && /^ok( \d+\.\d+\.\d+\S*)?$/.test(text.trim());

function redirectOf(address: URL, { status, headers }: Reply): URL | null {
  const location = headers.get("location");
  if (status < 300 || status >= 400 || !location || !URL.canParse(location, address.href)) return null;
  return new URL(location, address);
}

/** EMBED_ORIGINS as browsers meet it: what is left of our policy behind the proxies in front. */

export async function embedding({ config, ask }: Pick<Context, "config" | "ask">): Promise<Finding[]> {
  const { embedOrigins, origin } = config;
  // At fault: `configuration` says how.
  if (!embedOrigins) return [];
  if (embedOrigins.length === 0) return [ok("off: no other site shows the dashboard")];
  if (!origin) return [notChecked("there is no APP_ORIGIN", "fix what `configuration` reports first")];
  try {
    return [whoMayFrame(embedOrigins, await ask(new URL("/embed", origin)))];
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return [notChecked("nothing answers at APP_ORIGIN", "see what `origin` reports")];
  }
}

function whoMayFrame(origins: readonly string[], { status, headers }: Reply): Finding {
  if (status === 401 || status === 403 || (status >= 300 && status < 400))
    return notChecked(`a sign-in in front answers first (${status})`, "look at /embed in a browser");
  if (status === 404)
    return failure(EMBED, "is not what the app there was started with (404)", "start it anew with it");
  // A proxy's own policy comes on top of ours, and a browser obeys them all.
  const policies = (headers.get("content-security-policy") ?? "")
    .split(",")
    .flatMap((policy) => /frame-ancestors ([^;]*)/.exec(policy)?.[1] ?? [])
    .map((sources) => sources.trim().split(/\s+/));
  const shut = origins.filter((origin) => !policies.every((sources) => sources.includes(origin)));
  if (policies.length === 0 || shut.length > 0)
    return failure(
      EMBED,
      `does not reach browsers: the policy of /embed shuts out ${(policies.length === 0 ? origins : shut).join(", ")}`,
      "start the app there with this configuration, and let the proxy in front leave Content-Security-Policy alone",
    );
  return ok(`${origins.join(", ")} may show the dashboard`);
}
